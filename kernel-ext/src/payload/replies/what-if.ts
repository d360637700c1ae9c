import { asCount, asFields, asNumbers, own } from '../fields';

/** What another input x' does: F(x') of the network and W·x' + b of the linear map at x, C numbers each. */
export interface WhatIfReply {
  output: number[];
  predicted: number[];
  /** Units of the network in another state than at x, of all its units; 0: the linear map holds at x'. */
  switched: number;
  units: number;
}

const MOST_OUTPUTS = 100_000;

/** @throws {MalformedPayloadError} */
export function readWhatIf(data: unknown): WhatIfReply {
  const fields = asFields(data, 'reply');
  const output = asNumbers(own(fields, 'output'), 1, MOST_OUTPUTS, 'output');
  return {
    output,
    predicted: asNumbers(own(fields, 'predicted'), output.length, output.length, 'predicted'),
    switched: asCount(own(fields, 'switched'), 'switched'),
    units: asCount(own(fields, 'units'), 'units'),
  };
}

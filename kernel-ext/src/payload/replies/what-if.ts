import { asCount, asFields, asNumbers, own } from '../fields';
import { MOST_OUTPUTS } from '../linearization';

/** The outputs at another input x': F(x') by the network and W·x' + b by the linear map at x, C numbers each. */
export interface WhatIfReply {
  output: number[];
  predicted: number[];
  /** How many units are in another state than at x, and how many units there are; 0: the linear map is exact at x'. */
  switched: number;
  units: number;
}

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

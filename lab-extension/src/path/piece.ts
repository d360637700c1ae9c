import type { SegmentReply } from 'piecewise/payload';
import { asFields, asIndex, asList, asNumber, own } from '../payload/fields';
import { readUnit } from '../decomposition/validity';
import { MalformedPayloadError } from '../payload/malformed-payload';

/** W_c and b_c on one segment of a path: there F_c = W_c·x + b_c. */
export interface Piece extends SegmentReply {
  /** c */
  output: number;
  /** [D], row major in the input's shape. */
  weights: Float32Array;
}

/** Who knows the maps along a path: the live kernel. */
export interface PieceSource {
  /** W of output c on the segment that t lies in. @throws NoAnswerError */
  piece(handle: string, t: number, c: number): Promise<Piece>;
}

const MOST_PIECES = 2 ** 40;

/** @throws MalformedPayloadError */
export function readPiece(data: unknown, output: number, weights: Float32Array): Piece {
  const fields = asFields(data, 'reply');
  const place = (key: string) => {
    const t = asNumber(own(fields, key), key);
    if (t < 0 || t > 1) throw new MalformedPayloadError(key, `is ${t}, not from 0 to 1`);
    return t;
  };
  return {
    segment: asIndex(own(fields, 'segment'), MOST_PIECES, 'segment'),
    begin: place('begin'),
    end: place('end'),
    bias: asNumber(own(fields, 'bias'), 'bias'),
    units: asList(own(fields, 'units'), 0, 8, 'units').map(unit => readUnit(unit)),
    output,
    weights,
  };
}

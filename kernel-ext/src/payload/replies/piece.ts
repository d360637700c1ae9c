import { asCount, asFields, asList, asNumber, asNumberWithin, own } from '../fields';
import { readUnit, type Unit } from '../validity';

/** A piece of a path, which lies within one linear region. One float32 buffer: W_c, in the input's shape. */
export interface PieceReply {
  /** Its number, from 0, and where it begins and ends. */
  piece: number;
  begin: number;
  end: number;
  /** b_c */
  bias: number;
  /** The units that switch where it begins, at most `MOST_UNITS`; none at the start of the path. */
  units: Unit[];
}

/** A `PieceReply` with its buffer: there F_c = W_c·x + b_c. */
export interface Piece extends PieceReply {
  /** c */
  output: number;
  /** [D], row major in the input's shape. */
  weights: Float32Array;
}

/** How many of the units that switch together are named at most. */
export const MOST_UNITS = 8;

/** @throws {MalformedPayloadError} */
export function readPiece(data: unknown, output: number, weights: Float32Array): Piece {
  const fields = asFields(data, 'reply');
  return {
    piece: asCount(own(fields, 'piece'), 'piece'),
    begin: asNumberWithin(own(fields, 'begin'), 0, 1, 'begin'),
    end: asNumberWithin(own(fields, 'end'), 0, 1, 'end'),
    bias: asNumber(own(fields, 'bias'), 'bias'),
    units: asList(own(fields, 'units'), 0, MOST_UNITS, 'units').map(readUnit),
    output,
    weights,
  };
}

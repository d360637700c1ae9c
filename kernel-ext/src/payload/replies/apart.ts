import { SHOWN_AXES } from '../embedding';
import { MalformedPayloadError } from '../errors';
import { asCount, asFields, asList, asNumbers, own } from '../fields';

/** The exact displacement between two groups of points. One float32 buffer, [axes, D]: what each number of the input adds. */
export interface ApartReply {
  /** By axis: the displacement from the first group to the second, and the sums of its parts. */
  actual: number[];
  sums: number[];
  /** How many points represent each group, and how many linear regions the paths between them cross. */
  points: [number, number];
  regions: number;
}

/** An `ApartReply` with its buffer. */
export interface Apart extends ApartReply {
  /** What each number of the input adds to the displacement, [axes][D]. */
  parts: Float32Array[];
}

/** @param arrays one, [axes·D]. @throws {MalformedPayloadError} */
export function readApart(data: unknown, arrays: readonly Float32Array[]): Apart {
  const fields = asFields(data, 'reply');
  const actual = asNumbers(own(fields, 'actual'), 1, SHOWN_AXES, 'actual');
  const axes = actual.length;
  const [first, second] = asList(own(fields, 'points'), 2, 2, 'points').map(n => asCount(n, 'points'));
  if (arrays.length !== 1 || arrays[0].length === 0 || arrays[0].length % axes !== 0)
    throw new MalformedPayloadError('buffers', 'do not give what each number adds on each axis');
  return {
    actual,
    sums: asNumbers(own(fields, 'sums'), axes, axes, 'sums'),
    points: [first, second],
    regions: asCount(own(fields, 'regions'), 'regions'),
    parts: byAxis(arrays[0], axes),
  };
}

/** [axes·D] → [axes][D] */
export const byAxis = (values: Float32Array, axes: number): Float32Array[] =>
  Array.from({ length: axes }, (_, axis) =>
    values.subarray((axis * values.length) / axes, ((axis + 1) * values.length) / axes),
  );

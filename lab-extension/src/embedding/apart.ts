import type { ApartReply } from 'piecewise/payload';
import { asFields, asIndex, asList, asNumbers, own } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';

/** Why two groups are apart, exactly. */
export interface Apart extends ApartReply {
  /** What each number of the input adds to the way between them, [axes][D]. */
  parts: Float32Array[];
}

const MOST = 2 ** 40;

/** @param arrays one, [axes·D]. @throws MalformedPayloadError */
export function readApart(data: unknown, arrays: readonly Float32Array[]): Apart {
  const fields = asFields(data, 'reply');
  const actual = asNumbers(own(fields, 'actual'), 1, 2, 'actual');
  const axes = actual.length;
  const count = (value: unknown, field: string) => asIndex(value, MOST, field);
  const points = asList(own(fields, 'points'), 2, 2, 'points').map(n => count(n, 'points'));
  if (arrays.length !== 1 || arrays[0].length === 0 || arrays[0].length % axes !== 0)
    throw new MalformedPayloadError('buffers', 'are not what each number adds on each axis');
  return {
    actual,
    sums: asNumbers(own(fields, 'sums'), axes, axes, 'sums'),
    points: [points[0], points[1]],
    regions: count(own(fields, 'regions'), 'regions'),
    parts: byAxis(arrays[0], axes),
  };
}

/** [axes·D] → [axes][D] */
export const byAxis = (values: Float32Array, axes: number): Float32Array[] =>
  Array.from({ length: axes }, (_, axis) =>
    values.subarray((axis * values.length) / axes, ((axis + 1) * values.length) / axes),
  );

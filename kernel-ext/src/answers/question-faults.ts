import { float32Values, MOST_IN_GROUP } from '../payload';

/** Checks an input, which comes as one buffer of finite float32 numbers. @param inputs how many numbers it has */
export function badInput(buffers: readonly ArrayBufferView[], inputs: number): string | null {
  const bytes = buffers[0]?.byteLength ?? 0;
  const wanted = `It has to have exactly one, of ${inputs} finite float32 numbers.`;
  if (buffers.length !== 1 || bytes !== 4 * inputs)
    return `The message has ${buffers.length} buffers, the first of ${bytes} bytes. ${wanted}`;
  const values = float32Values(buffers[0]);
  const bad = values.findIndex(value => !Number.isFinite(value));
  return bad < 0 ? null : `Number ${bad} of the buffer is ${values[bad]}. ${wanted}`;
}

/** @param limit indices go from 0 to limit − 1 */
export function badIndices(
  name: string,
  indices: unknown,
  [least, most]: readonly [number, number],
  limit: number,
): string | null {
  const fits = (i: unknown): boolean => Number.isInteger(i) && Number(i) >= 0 && Number(i) < limit;
  const isList = Array.isArray(indices) && indices.length >= least && indices.length <= most;
  if (isList && indices.every(fits)) return null;
  const found = JSON.stringify(indices)?.slice(0, 200);
  return `${name} is ${found}. It has to be a list of ${least} to ${most} whole numbers from 0 to ${limit - 1}.`;
}

/** @param limit an index goes from 0 to limit − 1 */
export const badIndex = (name: string, index: unknown, limit: number): string | null =>
  badIndices(name, [index], [1, 1], limit);

/** Checks a whole number from 1 to `most`. */
export const badCount = (name: string, count: unknown, most: number): string | null =>
  Number.isInteger(count) && Number(count) >= 1 && Number(count) <= most
    ? null
    : `${name} is ${JSON.stringify(count)}. It has to be a whole number from 1 to ${most}.`;

/** Checks two lists of at least one point each. @param points how many points the embedding has */
export function badGroups(groups: unknown, points: number): string | null {
  if (!Array.isArray(groups) || groups.length !== 2)
    return 'The field groups has to be a list of two groups of points.';
  const [first, second] = groups.map((group, i) =>
    badIndices(`groups[${i}]`, group, [1, MOST_IN_GROUP], points),
  );
  return first ?? second;
}

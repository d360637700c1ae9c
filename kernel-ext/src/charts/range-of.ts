import { extent } from 'd3-array';
import type { Range } from '../payload';

/** The lowest and the highest finite value; `none` if there is no finite value, by default 0…0. */
export function rangeOf(values: readonly number[], none: Range = { low: 0, high: 0 }): Range {
  const [low = none.low, high = none.high] = extent(values.filter(Number.isFinite));
  return { low, high };
}

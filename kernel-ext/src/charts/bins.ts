import { bisectRight, thresholdFreedmanDiaconis } from 'd3-array';
import { BinCountError } from '../display/errors';
import { sortedFinite } from './sorted-finite';

const FEWEST = 10;
const DEFAULT_MOST = 60;
const MOST = 1000;

/**
 * Edges of equally wide bins that cover all finite values. The default width is that of Freedman and Diaconis (1981), 2·IQR/∛n;
 * whole numbers within a narrow range get one bin each.
 * @param count 1…1,000
 * @returns ascending, one more than there are bins
 * @throws {BinCountError} for any other count
 */
export function binEdges(values: readonly number[], count?: number): number[] {
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= MOST))
    throw new BinCountError(count);
  const sorted = sortedFinite(values);
  const [low, high] = sorted.length > 0 ? [sorted[0], sorted[sorted.length - 1]] : [0, 1];
  if (count === undefined && sorted.every(Number.isInteger) && high - low < DEFAULT_MOST / 2)
    return steps(low - 0.5, high + 0.5, high - low + 1);
  if (low === high) return [low - 0.5, low + 0.5];
  return steps(low, high, count ?? defaultCount(sorted, low, high));
}

/** How many values lie in each bin. A bin includes its lower edge, and the last one its upper edge, too. */
export function binCounts(values: readonly number[], edges: readonly number[]): number[] {
  const [low, ...inner] = edges;
  const high = inner.pop()!;
  const counts = new Array<number>(inner.length + 1).fill(0);
  for (const value of values) if (value >= low && value <= high) counts[bisectRight(inner, value)]++;
  return counts;
}

const defaultCount = (sorted: readonly number[], low: number, high: number): number =>
  Math.max(FEWEST, Math.min(DEFAULT_MOST, thresholdFreedmanDiaconis(sorted, low, high)));

const steps = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + ((high - low) * i) / count));

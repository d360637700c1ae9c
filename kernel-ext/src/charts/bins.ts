import { bisectRight, thresholdFreedmanDiaconis } from 'd3-array';
import { BinCountError } from '../display/errors';
import { valueAt } from './share-of';
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
  // One half is less than the last digit of a large number.
  const half = Math.max(0.5, Math.abs(low) / 2 ** 40);
  if (low === high) return [low - half, low + half].map(finite);
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

function defaultCount(sorted: readonly number[], low: number, high: number): number {
  const count = thresholdFreedmanDiaconis(sorted, low, high);
  return Number.isNaN(count) ? FEWEST : Math.max(FEWEST, Math.min(DEFAULT_MOST, count));
}

const steps = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? high : stepAt(low, high, i, count)));

const stepAt = (low: number, high: number, i: number, count: number): number =>
  Number.isFinite((high - low) * count)
    ? low + ((high - low) * i) / count
    : valueAt(i / count, { low, high });

const finite = (edge: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, edge));

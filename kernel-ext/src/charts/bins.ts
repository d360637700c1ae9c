import { BinCountError } from '../display/errors';
import { quantile, sortedFinite } from './quantile';

const FEWEST = 10;
const DEFAULT_MOST = 60;
const MOST = 1000;

/**
 * Edges of bins of one width over all finite values, by default as wide as Freedman and Diaconis (1981) say: 2·IQR/∛n. Few
 * whole numbers get a bin each.
 * @param count 1…1,000
 * @returns ascending, one more than bins
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
  return steps(low, high, count ?? defaultCount(sorted));
}

/** How many values lie in each bin; the last one holds its upper edge. */
export function binCounts(values: readonly number[], edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const [low, high] = [edges[0], edges[bins]];
  for (const value of values) {
    if (!(value >= low && value <= high)) continue;
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // The quotient is rounded; the edges decide.
    if (value < edges[bin]) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

function defaultCount(sorted: readonly number[]): number {
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const width = (2 * spread) / Math.cbrt(sorted.length);
  const count = width > 0 ? Math.ceil((sorted[sorted.length - 1] - sorted[0]) / width) : FEWEST;
  return Math.max(FEWEST, Math.min(DEFAULT_MOST, count));
}

const steps = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + ((high - low) * i) / count));

/**
 * The value below which a part of the numbers lies, between neighbors on a straight line: NumPy's default, type 7 of Hyndman
 * and Fan 1996.
 * @param sorted ascending, at least one
 * @param part 0…1
 */
export function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** The finite ones of some numbers, ascending. */
export const sortedFinite = (values: readonly number[]): number[] =>
  values.filter(Number.isFinite).sort((a, b) => a - b);

/** Ticks of a range that is a smaller share of its numbers would be equal to the last bits of a float. */
const FINEST = 1e-12;

/**
 * Round numbers in equal steps of 1, 2 or 5 times a power of ten, from `low` to `high`, both included where they are round.
 * @param most at most about this many
 */
export function roundTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!(span > FINEST * size) || !Number.isFinite(span)) return Number.isFinite(low) ? [low] : [];
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(wide => span / wide <= most)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // A quotient of whole numbers has no tail of digits: 3 / 10 is 0.3, but 3 · 0.1 is not.
  const inverse = Math.round(1 / step);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    step < 1 ? (first + i) / inverse : (first + i) * step,
  );
}

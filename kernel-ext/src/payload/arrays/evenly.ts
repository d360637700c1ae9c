/** The integers 0 … count − 1 or, if there are more than `most`, that many of them: both ends and evenly spaced ones between. */
export function evenly(count: number, most: number): number[] {
  const kept = Math.max(1, Math.min(count, Math.floor(most)));
  if (kept === 1) return count > 0 ? [0] : [];
  return Array.from({ length: kept }, (_, i) => Math.round((i * (count - 1)) / (kept - 1)));
}

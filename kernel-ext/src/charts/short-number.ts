/** The largest number with four digits. */
const LARGEST = 1.797e308;

/** A number to four digits, for reading values off: `0.3333`, `−12.5`. */
export function shortNumber(value: number): string {
  // What lies between it and the largest number of float64 would round up to Infinity.
  const shown = Number.isFinite(value) ? Math.max(-LARGEST, Math.min(LARGEST, value)) : value;
  return String(Number(shown.toPrecision(4))).replace('-', '−');
}

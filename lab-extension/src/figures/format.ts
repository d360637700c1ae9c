import { decimalsFor, plain, scientific } from 'piecewise/payload';

export { decimalsFor, plain, scientific, signed } from 'piecewise/payload';

/** A number with about three digits: plain from 0.001 to 100,000, scientific outside that range. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return scientific(value);
  return plain(value, decimalsFor(size))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** Fields whose readers take null for Infinity. */
const SIZES: ReadonlySet<string> = new Set(['residual', 'distance', 'length']);

/**
 * Where a reply holds a number that JSON cannot carry, since float32 has overflowed on the way to it.
 * @returns for example 'output[3]'; null if the reply can be sent as it is.
 */
export function nonFiniteField(reply: unknown, name = ''): string | null {
  if (typeof reply === 'number') return Number.isFinite(reply) ? null : name;
  if (typeof reply !== 'object' || reply === null) return null;
  for (const [key, value] of Object.entries(reply)) {
    if (SIZES.has(key)) continue;
    const inner = Array.isArray(reply) ? `${name}[${key}]` : name === '' ? key : `${name}.${key}`;
    const found = nonFiniteField(value, inner);
    if (found !== null) return found;
  }
  return null;
}

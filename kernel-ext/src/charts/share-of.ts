import type { Range } from '../payload';

/** How far a value is from the low to the high end of a range, 0…1; 0.5 in a range without length. */
export function shareOf(value: number, { low, high }: Range): number {
  if (!(high > low)) return 0.5;
  if (Number.isFinite(high - low)) return (value - low) / (high - low);
  // Half the range of float64 and more overflows.
  return (value / 2 - low / 2) / (high / 2 - low / 2);
}

/** The value at a share of a range, the inverse of `shareOf`. */
export const valueAt = (share: number, { low, high }: Range): number =>
  Number.isFinite(high - low) ? low + (high - low) * share : low * (1 - share) + high * share;

import type { ImageShape } from 'piecewise/payload';

/** Images with a longer side than this are looked at as pictures, not pixel by pixel. */
const LARGEST_SMALL = 64;

export function isLarge({ height, width }: ImageShape): boolean {
  return Math.max(height, width) > LARGEST_SMALL;
}

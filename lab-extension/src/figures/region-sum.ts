import type { Region } from '../models/explorer-model';
import type { ImageShape } from './image-shape';

/** Σ over a region and all channels, in float64. */
export function regionSum(values: Float32Array, { width, channels }: ImageShape, region: Region): number {
  let sum = 0;
  for (let row = region.top; row <= region.bottom; row++) {
    const end = (row * width + region.right + 1) * channels;
    for (let i = (row * width + region.left) * channels; i < end; i++) sum += values[i];
  }
  return sum;
}

/** `row 3, column 5`, or `rows 3–7, columns 5–9`. */
export function regionText({ top, bottom, left, right }: Region): string {
  if (top === bottom && left === right) return `row ${top}, column ${left}`;
  return `rows ${top}–${bottom}, columns ${left}–${right}`;
}

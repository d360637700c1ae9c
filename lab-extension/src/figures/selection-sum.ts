import { positionsOf, type Region } from '../image-tools/selection';

/** Σ over a region and all channels, in float64. */
export function regionSum(
  values: Float32Array,
  { width, channels }: { width: number; channels: number },
  region: Region,
): number {
  let sum = 0;
  for (const at of positionsOf(region, width)) {
    for (let i = at * channels; i < (at + 1) * channels; i++) sum += values[i];
  }
  return sum;
}

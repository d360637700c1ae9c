import { positionsOf, type Selection } from './selection';

/** Σ over a selection and all channels, in float64. */
export function selectionSum(
  values: Float32Array,
  { width, channels }: { width: number; channels: number },
  selection: Selection,
): number {
  let sum = 0;
  for (const at of positionsOf(selection, width)) {
    for (let i = at * channels; i < (at + 1) * channels; i++) sum += values[i];
  }
  return sum;
}

import { sizeOf, type Shape } from '../plan/graph';

/** The number of channels along an axis, and for each index into an instance its channel and its position. */
export function channelsIn(shape: Shape, axis: number) {
  const channels = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  return {
    channels,
    channelOf: (index: number) => Math.floor(index / inner) % channels,
    positionOf: (index: number) => Math.floor(index / (inner * channels)) * inner + (index % inner),
  };
}

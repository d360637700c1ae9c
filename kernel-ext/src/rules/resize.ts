import { alongAxis } from './along-axis';
import { range } from './selection';
import type { Call, StepWriter, Rule, Value } from './rule';

/** Each new row is a weighted mean of two old ones; then the same is done for the columns. */
export const resizeBilinear: Rule = {
  kernel: 'ResizeBilinear',
  freeze: (call, write) => resized(call, write, interpolated),
};

export const resizeNearest: Rule = {
  kernel: 'ResizeNearestNeighbor',
  freeze: (call, write) =>
    resized(call, write, (v, axis, size) => {
      const position = positionOf(call, v.shape[axis], size, 0);
      const nearest = call.attrs.alignCorners ? Math.round : Math.floor;
      const inside = (at: number) => Math.min(v.shape[axis] - 1, Math.max(0, nearest(at)));
      return write.take(
        v,
        range(size).map(i => inside(position(i))),
        axis,
      );
    }),
};

type AlongAxis = (v: Value, axis: number, size: number, call: Call, write: StepWriter) => Value;

function resized(call: Call, write: StepWriter, along: AlongAxis): Value {
  const [, height, width] = call.outputShape;
  return along(along(call.value('images'), 1, height, call, write), 2, width, call, write);
}

/** Where a new pixel lies among `old` ones. With half pixels, centers lie on centers. */
function positionOf(call: Call, old: number, size: number, center: number): (i: number) => number {
  const { alignCorners, halfPixelCenters } = call.attrs as Record<string, boolean>;
  const ratio = alignCorners && size > 1 ? (old - 1) / (size - 1) : old / size;
  return i => (halfPixelCenters ? ratio * (i + 0.5) - center : ratio * i);
}

const interpolated: AlongAxis = (v, axis, size, call, write) => {
  const old = v.shape[axis];
  if (old === size) return v;
  const position = positionOf(call, old, size, 0.5);
  const matrix = new Float32Array(old * size);
  for (const i of range(size)) {
    const at = position(i);
    const below = Math.floor(at);
    const clamp = (row: number) => Math.min(old - 1, Math.max(0, row));
    matrix[clamp(below) * size + i] += 1 - (at - below);
    matrix[clamp(below + 1) * size + i] += at - below;
  }
  return alongAxis(v, axis, write.constant(matrix, [old, size]), write);
};

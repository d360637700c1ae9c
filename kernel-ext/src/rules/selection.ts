import { slice_util } from '@tensorflow/tfjs';
import type { Call, StepWriter, Rule, Value } from './rule';

/** Kernels that pick entries along axes. */
export const gatherV2: Rule = {
  kernel: 'GatherV2',
  freeze(call, write) {
    if (call.attrs.batchDims) return call.refuse('it gathers by batches');
    if (call.input('x').kind === 'fixed')
      return call.refuse(
        `it looks entries up by x, as an embedding of token ids does. Start the map after it, {from: '${call.layer}'}`,
      );
    const x = call.value('x');
    const axis = positiveAxis(call.attrs.axis as number, x);
    return write.reshape(write.take(x, indicesOf(call, x.shape[axis]), axis), call.outputShape);
  },
};

/** Entries by their coordinates along the first axes. */
export const gatherNd: Rule = {
  kernel: 'GatherNd',
  freeze(call, write) {
    const params = call.value('params');
    const depth = call.input('indices').shape.at(-1)!;
    const [along, rest] = [params.shape.slice(0, depth), params.shape.slice(depth)];
    const coordinates = [...call.numbers('indices')];
    const rows = Array.from({ length: coordinates.length / depth }, (_, row) =>
      along.reduce((at, d, i) => at * d + coordinates[row * depth + i], 0),
    );
    const flat = write.reshape(params, [along.reduce((n, d) => n * d, 1), ...rest]);
    return write.reshape(write.take(flat, rows, 0), call.outputShape);
  },
};

export const reverse: Rule = {
  kernel: 'Reverse',
  freeze(call, write) {
    const x = call.value('x');
    const axes = [call.attrs.dims as number | number[]].flat().map(axis => positiveAxis(axis, x));
    return axes.reduce((v, axis) => write.take(v, range(v.shape[axis]).reverse(), axis), x);
  },
};

export const flipLeftRight: Rule = {
  kernel: 'FlipLeftRight',
  freeze(call, write) {
    const image = call.value('image');
    return write.take(image, range(image.shape[2]).reverse(), 2);
  },
};

/** Copies side by side: a broadcast along a new axis. */
export const tile: Rule = {
  kernel: 'Tile',
  freeze: (call, write) => tiled(call.value('x'), call.attrs.reps as number[], write),
};

export function tiled(x: Value, reps: readonly number[], write: StepWriter): Value {
  const apart = x.shape.flatMap(d => [1, d]);
  const copied = x.shape.flatMap((d, i) => [reps[i], d]);
  const whole = x.shape.map((d, i) => reps[i] * d);
  return write.reshape(write.broadcast(write.reshape(x, apart), copied), whole);
}

/** Padding with the image's own mirror image. */
export const mirrorPad: Rule = {
  kernel: 'MirrorPad',
  freeze(call, write) {
    const x = call.value('x');
    const edge = call.attrs.mode === 'reflect' ? 0 : 1;
    return (call.attrs.paddings as [number, number][]).reduce((v, [before, after], axis) => {
      const d = v.shape[axis];
      const indices = range(before + d + after).map(i => {
        const at = i - before;
        if (at < 0) return -at - edge;
        return at < d ? at : 2 * (d - 1) - at + edge;
      });
      return write.take(v, indices, axis);
    }, x);
  },
};

export const stridedSlice: Rule = {
  kernel: 'StridedSlice',
  freeze(call, write) {
    const x = call.value('x');
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
      call.attrs as Record<string, number[]> & Record<string, number>;
    const slice = slice_util.sliceInfo(
      [...x.shape],
      ...([begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const),
    );
    const picked = slice.begin.reduce((v, from, axis) => {
      const step = slice.strides[axis];
      const count = Math.max(0, Math.ceil((slice.end[axis] - from) / step));
      return step === 1
        ? part(v, axis, from, count, write)
        : write.take(
            v,
            range(count).map(i => from + i * step),
            axis,
          );
    }, x);
    return write.reshape(picked, call.outputShape);
  },
};

/** Every n-th entry along an axis, from the first on. */
export function stridedTake(v: Value, axis: number, stride: number, write: StepWriter): Value {
  const count = Math.ceil(v.shape[axis] / stride);
  return write.take(
    v,
    range(count).map(i => i * stride),
    axis,
  );
}

/** `size` entries along an axis, from `from` on. */
export function part(v: Value, axis: number, from: number, size: number, write: StepWriter): Value {
  const begin = v.shape.map((_, i) => (i === axis ? from : 0));
  return write.slice(
    v,
    begin,
    v.shape.map((d, i) => (i === axis ? size : d)),
  );
}

/** 0 … n − 1 */
export const range = (n: number): number[] => [...Array(n).keys()];

/** TensorFlow counts axes from the end by negative numbers. */
export const positiveAxis = (axis: number, { shape }: Pick<Value, 'shape'>): number =>
  axis < 0 ? axis + shape.length : axis;

function indicesOf(call: Call, size: number): number[] {
  return Array.from(call.numbers('indices'), index => (index < 0 ? index + size : index));
}

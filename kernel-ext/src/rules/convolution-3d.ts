import { dilatedFilter, pair } from './convolution';
import { part, range, stridedTake } from './selection';
import type { Call, Fixed, StepWriter, Rule } from './rule';

/** A convolution in three dimensions: the sum of one in two dimensions for each slice of the filter. */
export const conv3D: Rule = {
  kernel: 'Conv3D',
  freeze(call, write) {
    const x = call.value('x');
    const g = geometryOf(call, call.input('filter').shape, x.shape[1], call.outputShape[1]);
    const [n, , , , c] = x.shape;
    const padded = write.pad(x, [
      [0, 0],
      [g.before, g.after],
      [g.around, g.around],
      [g.around, g.around],
      [0, 0],
    ]);
    const [, , H, W] = padded.shape;
    const slices = g.filters(write).map((filter, i) => {
      const reach = (g.outputs - 1) * g.stride + 1;
      const seen = stridedTake(part(padded, 1, i * g.dilation, reach, write), 1, g.stride, write);
      const images = write.reshape(seen, [n * g.outputs, H, W, c]);
      return write.convolve(images, filter, { strides: g.strides, pad: g.pad });
    });
    return write.reshape(slices.length === 1 ? slices[0] : write.sum(slices), call.outputShape);
  },
};

/** Its transpose: each slice of the filter enlarges the images, which then go to their positions along the depth. */
export const conv3DTranspose: Rule = {
  kernel: 'Conv3DBackpropInputV2',
  freeze(call, write) {
    const dy = call.value('dy');
    const [n, outputs, h, w, c] = dy.shape;
    const [, depth, height, width, C] = call.outputShape;
    const g = geometryOf(call, call.input('filter').shape, depth, outputs);
    const [H, W] = [height, width].map(size => size + 2 * g.around);
    const images = write.reshape(dy, [n * outputs, h, w, c]);
    const full = g.before + depth + g.after;
    const reach = (outputs - 1) * g.stride + 1;
    const slices = g.filters(write).map((filter, i) => {
      const large = write.convolveTranspose(images, filter, { strides: g.strides, pad: g.pad }, [
        n * outputs,
        H,
        W,
        C,
      ]);
      const apart = write.reshape(large, [n, outputs, 1, H * W * C]);
      const spread = write.pad(apart, [
        [0, 0],
        [0, 0],
        [0, g.stride - 1],
        [0, 0],
      ]);
      const along = part(write.reshape(spread, [n, outputs * g.stride, H * W * C]), 1, 0, reach, write);
      return write.pad(along, [
        [0, 0],
        [i, full - i - reach],
        [0, 0],
      ]);
    });
    const sum = slices.length === 1 ? slices[0] : write.sum(slices);
    const volumes = write.reshape(part(sum, 1, g.before, depth, write), [n, depth, H, W, C]);
    return part(part(volumes, 2, g.around, height, write), 3, g.around, width, write);
  },
};

interface Geometry {
  /** Along the depth. */
  stride: number;
  dilation: number;
  before: number;
  after: number;
  outputs: number;
  /** Within each slice. */
  strides: [number, number];
  pad: 'same' | 'valid';
  /** Padding of each slice that is given by a number. */
  around: number;
  filters(write: StepWriter): Fixed[];
}

function geometryOf(call: Call, filter: readonly number[], inputs: number, outputs: number): Geometry {
  const format = (call.attrs.dataFormat ?? 'NDHWC') as string;
  if (format !== 'NDHWC') call.refuse(`its data format ${format} has no rule`);
  const pad = call.attrs.pad as 'same' | 'valid' | number;
  const around = typeof pad === 'number' ? pad : 0;
  const [stride, ...strides] = triple(call.attrs.strides);
  const [dilation, ...dilations] = triple(call.attrs.dilations);
  const reach = (outputs - 1) * stride + (filter[0] - 1) * dilation + 1;
  const missing = Math.max(0, reach - inputs);
  const before = pad === 'same' ? Math.floor(missing / 2) : around;
  const slice = filter.slice(1);
  const size = slice.reduce((a, b) => a * b, 1);
  return {
    ...{ stride, dilation, before, after: Math.max(0, missing - before), outputs, around },
    pad: pad === 'same' ? 'same' : 'valid',
    strides: pair(strides),
    filters(write) {
      const numbers = call.numbers('filter');
      return range(filter[0]).map(i =>
        dilatedFilter(numbers.subarray(i * size, (i + 1) * size), slice, pair(dilations), write),
      );
    },
  };
}

const triple = (value: unknown): [number, number, number] =>
  Array.isArray(value)
    ? (value as [number, number, number])
    : (Array<number>(3).fill((value ?? 1) as number) as [number, number, number]);

import { dilatedFilter, pair } from './convolution';
import { part, range, stridedTake } from './selection';
import type { Call, ConvolutionGeometry, Fixed, StepWriter, Rule, Value } from './rule';

/** A convolution in three dimensions: the sum of one in two dimensions for each slice of the filter. */
export const conv3D: Rule = {
  kernel: 'Conv3D',
  freeze(call, write) {
    const x = call.value('x');
    const g = geometryOf(call, call.input('filter').shape, x.shape[1], call.outputShape[1]);
    const padded = write.pad(x, [
      [0, 0],
      [g.before, g.after],
      [g.around, g.around],
      [g.around, g.around],
      [0, 0],
    ]);
    return write.reshape(volumes(padded, g.filters(write), g, write), call.outputShape);
  },
};

/** How the slices of a filter meet those of a volume, and how each meets a slice. */
export interface Slices extends ConvolutionGeometry {
  /** Along the depth. */
  stride: number;
  dilation: number;
  outputs: number;
}

/**
 * @param padded [N, D, H, W, C], with its padding along the depth
 * @param filters one for each slice, [h, w, C, M]
 * @returns [N·outputs, H', W', M]
 */
export function volumes(padded: Value, filters: readonly Fixed[], g: Slices, write: StepWriter): Value {
  const [n, , H, W, c] = padded.shape;
  const slices = filters.map((filter, i) => {
    const reach = (g.outputs - 1) * g.stride + 1;
    const seen = stridedTake(part(padded, 1, i * g.dilation, reach, write), 1, g.stride, write);
    return write.convolve(write.reshape(seen, [n * g.outputs, H, W, c]), filter, g);
  });
  return slices.length === 1 ? slices[0] : write.sum(slices);
}

/** Its transpose: each slice of the filter enlarges the images, which then go to their positions along the depth. */
export const conv3DTranspose: Rule = {
  kernel: 'Conv3DBackpropInputV2',
  freeze(call, write) {
    const dy = call.value('dy');
    const [n, outputs] = dy.shape;
    const [, depth, height, width, C] = call.outputShape;
    const g = geometryOf(call, call.input('filter').shape, depth, outputs);
    const [H, W] = [height, width].map(size => size + 2 * g.around);
    const large = enlargedVolumes(dy, g.filters(write), g, [n, g.before + depth + g.after, H, W, C], write);
    const deep = part(large, 1, g.before, depth, write);
    return part(part(deep, 2, g.around, height, write), 3, g.around, width, write);
  },
};

/**
 * The transpose of `volumes`.
 * @param shape [N, D, H, W, C], with all that the filters reach along the depth
 */
export function enlargedVolumes(
  dy: Value,
  filters: readonly Fixed[],
  g: Slices,
  shape: readonly [number, number, number, number, number],
  write: StepWriter,
): Value {
  const [n, outputs, h, w, c] = dy.shape;
  const [, depth, H, W, C] = shape;
  const images = write.reshape(dy, [n * outputs, h, w, c]);
  const reach = (outputs - 1) * g.stride + 1;
  const slices = filters.map((filter, i) => {
    const large = write.convolveTranspose(images, filter, g, [n * outputs, H, W, C]);
    const apart = write.reshape(large, [n, outputs, 1, H * W * C]);
    const spread = write.pad(apart, [
      [0, 0],
      [0, 0],
      [0, g.stride - 1],
      [0, 0],
    ]);
    const along = part(write.reshape(spread, [n, outputs * g.stride, H * W * C]), 1, 0, reach, write);
    const before = i * g.dilation;
    return write.pad(along, [
      [0, 0],
      [before, depth - before - reach],
      [0, 0],
    ]);
  });
  return write.reshape(slices.length === 1 ? slices[0] : write.sum(slices), shape);
}

interface Geometry extends Slices {
  /** Padding along the depth. */
  before: number;
  after: number;
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

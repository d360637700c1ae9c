import { fusedActivation } from './activations';
import { inChannelsLast } from './data-format';
import { stridedTake } from './selection';
import type { Call, ConvolutionGeometry, ConvolutionPadding, Fixed, StepWriter, Rule, Value } from './rule';

export const conv2D: Rule = {
  kernel: 'Conv2D',
  freeze: (call, write) => convolution(call, write, 'convolve'),
};

export const depthwiseConv2D: Rule = {
  kernel: 'DepthwiseConv2dNative',
  freeze: (call, write) => convolution(call, write, 'convolveDepthwise'),
};

/** Convolution, bias, activation. */
export const fusedConv2D: Rule = {
  kernel: 'FusedConv2D',
  freeze: (call, write) => biasAndActivation(call, convolution(call, write, 'convolve'), write),
};

export const fusedDepthwiseConv2D: Rule = {
  kernel: 'FusedDepthwiseConv2D',
  freeze: (call, write) => biasAndActivation(call, convolution(call, write, 'convolveDepthwise'), write),
};

/** tf.conv2dTranspose: the transpose of a convolution, which enlarges. */
export const conv2DTranspose: Rule = {
  kernel: 'Conv2DBackpropInput',
  freeze(call, write) {
    const shape = call.outputShape;
    return inChannelsLast(call, call.value('dy'), write, v => {
      const [n, h, w, c] = isChannelsFirst(call) ? [shape[0], shape[2], shape[3], shape[1]] : shape;
      const filter = dilated(call, write);
      return transposedConvolution(call, v, filter, [n, h, w, c], write);
    });
  },
};

const isChannelsFirst = (call: Call) => call.attrs.dataFormat === 'NCHW';

/** Padding given in numbers is cut off the full image afterwards. */
function transposedConvolution(
  call: Call,
  v: Value,
  filter: Fixed,
  shape: readonly number[],
  write: StepWriter,
): Value {
  const pad = call.attrs.pad as Padding;
  const strides = pair(call.attrs.strides);
  if (pad === 'same' || pad === 'valid') return write.convolveTranspose(v, filter, { strides, pad }, shape);
  const around = sides(pad);
  const full = shape.map((d, i) => around[i][0] + d + around[i][1]);
  const whole = write.convolveTranspose(v, filter, { strides, pad: 'valid' }, full);
  return write.slice(
    whole,
    around.map(([before]) => before),
    shape,
  );
}

function biasAndActivation(call: Call, product: Value, write: StepWriter): Value {
  const z = call.has('bias') ? write.shift(product, biasOf(call, write)) : product;
  return fusedActivation(call, z, write);
}

/** A bias by channel, whichever axis the channels have. */
function biasOf(call: Call, write: StepWriter): Fixed {
  const bias = call.fixed('bias');
  return isChannelsFirst(call) && bias.shape.length === 1
    ? write.reshapeFixed(bias, [bias.shape[0], 1, 1])
    : bias;
}

function convolution(call: Call, write: StepWriter, kind: 'convolve' | 'convolveDepthwise'): Value {
  return inChannelsLast(call, call.value('x'), write, image => {
    const geometry = geometryOf(call, image);
    const filter = dilated(call, write);
    return kind === 'convolve'
      ? write.convolve(image, filter, geometry)
      : depthwise(image, filter, geometry, write);
  });
}

/** TensorFlow's depthwise kernels take one stride for both axes: for two strides, all positions are computed and the surplus is dropped. */
export function depthwise(x: Value, filter: Fixed, geometry: ConvolutionGeometry, write: StepWriter): Value {
  const { strides, pad } = geometry;
  const [sh, sw] = strides;
  if (sh === sw) return write.convolveDepthwise(x, filter, geometry);
  const around = pad === 'same' ? samePadding(x.shape, filter.shape, strides) : pad;
  const dense = write.convolveDepthwise(x, filter, { strides: [1, 1], pad: around });
  return stridedTake(stridedTake(dense, 1, sh, write), 2, sw, write);
}

/** TensorFlow's 'same': one output for each stride that starts in the image; the smaller half of the padding goes first. */
function samePadding(
  image: readonly number[],
  filter: readonly number[],
  strides: readonly number[],
): ConvolutionPadding {
  const along = (i: number): [number, number] => {
    const outputs = Math.ceil(image[i + 1] / strides[i]);
    const missing = Math.max(0, (outputs - 1) * strides[i] + filter[i] - image[i + 1]);
    return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
  };
  return [along(0), along(1)];
}

type Padding = 'same' | 'valid' | number | [number, number][];

function geometryOf(call: Call, x: Value): ConvolutionGeometry {
  const pad = call.attrs.pad as Padding;
  const strides = pair(call.attrs.strides);
  if (pad === 'same' || pad === 'valid') return { strides, pad };
  const [, rows, columns] = channelsLast(call, sides(pad));
  const along = (axis: 1 | 2, [before, after]: [number, number]): [number, number] => [
    before,
    reached(call, x, axis, before, after),
  ];
  return { strides, pad: [along(1, rows), along(2, columns)] };
}

/** Padding at the end, so that there are as many outputs as the call gives: an output size that is rounded up needs more. */
function reached(call: Call, x: Value, axis: 1 | 2, before: number, after: number): number {
  const outputs = call.outputShape[isChannelsFirst(call) ? axis + 1 : axis];
  const size = (call.input('filter').shape[axis - 1] - 1) * pair(call.attrs.dilations)[axis - 1] + 1;
  const reach = (outputs - 1) * pair(call.attrs.strides)[axis - 1] + size;
  return Math.max(after, reach - before - x.shape[axis]);
}

/** Padding by axis. */
function sides(pad: number | [number, number][]): [number, number][] {
  if (Array.isArray(pad)) return pad;
  return [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ];
}

const channelsLast = <T>(call: Call, [a, b, c, d]: T[]) =>
  isChannelsFirst(call) && Array.isArray(call.attrs.pad) ? [a, c, d, b] : [a, b, c, d];

/** TensorFlow.js gives strides and dilations as a number, a pair, or nothing. */
export function pair(value: unknown): [number, number] {
  if (Array.isArray(value)) return [value[0] as number, value[1] as number];
  return typeof value === 'number' ? [value, value] : [1, 1];
}

/** A dilated filter is a larger one with zeros between its entries; so no backend needs to know dilation. */
function dilated(call: Call, write: StepWriter): Fixed {
  const [dh, dw] = pair(call.attrs.dilations);
  const filter = call.fixed('filter');
  if (dh === 1 && dw === 1) return filter;
  return dilatedFilter(call.numbers('filter'), filter.shape, [dh, dw], write);
}

export function dilatedFilter(
  values: Float32Array,
  [h, w, c, d]: readonly number[],
  [dh, dw]: [number, number],
  write: StepWriter,
): Fixed {
  if (dh === 1 && dw === 1) return write.constant(values, [h, w, c, d]);
  const [H, W] = [(h - 1) * dh + 1, (w - 1) * dw + 1];
  const spread = new Float32Array(H * W * c * d);
  for (let i = 0; i < h; i++) {
    for (let j = 0; j < w; j++) {
      const from = (i * w + j) * c * d;
      spread.set(values.subarray(from, from + c * d), (i * dh * W + j * dw) * c * d);
    }
  }
  return write.constant(spread, [H, W, c, d]);
}

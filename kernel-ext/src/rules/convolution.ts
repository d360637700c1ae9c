import { fusedActivation } from './activations';
import type { Call, ConvolutionGeometry, Fixed, Frozen, Rule, Value } from './rule';

export const conv2D: Rule = { kernel: 'Conv2D', freeze: (call, f) => convolution(call, f, 'convolve') };

export const depthwiseConv2D: Rule = {
  kernel: 'DepthwiseConv2dNative',
  freeze: (call, f) => convolution(call, f, 'convolveDepthwise'),
};

/** Convolution, bias, activation. */
export const fusedConv2D: Rule = {
  kernel: 'FusedConv2D',
  freeze: (call, f) => biasAndActivation(call, convolution(call, f, 'convolve'), f),
};

export const fusedDepthwiseConv2D: Rule = {
  kernel: 'FusedDepthwiseConv2D',
  freeze: (call, f) => biasAndActivation(call, convolution(call, f, 'convolveDepthwise'), f),
};

function biasAndActivation(call: Call, product: Value, f: Frozen): Value {
  const z = call.has('bias') ? f.shift(product, call.fixed('bias')) : product;
  return fusedActivation(call, z, f);
}

function convolution(call: Call, f: Frozen, kind: 'convolve' | 'convolveDepthwise'): Value {
  const format = call.attrs.dataFormat ?? 'NHWC';
  if (format !== 'NHWC') call.refuse(`its data format is ${String(format)}, and only NHWC has a rule`);
  const { x, geometry } = paddedInput(call, call.value('x'), f);
  return f[kind](x, dilated(call, f), geometry);
}

/** Padding given in numbers becomes a step of its own, so that a convolution is 'same' or 'valid'. */
export function paddedInput(call: Call, x: Value, f: Frozen): { x: Value; geometry: ConvolutionGeometry } {
  const pad = call.attrs.pad as 'same' | 'valid' | number | [number, number][];
  const strides = pair(call.attrs.strides);
  if (pad === 'same' || pad === 'valid') return { x, geometry: { strides, pad } };
  if (call.attrs.dimRoundingMode === 'ceil') call.refuse('it rounds its output size up');
  const around = Array.isArray(pad)
    ? pad
    : ([
        [0, 0],
        [pad, pad],
        [pad, pad],
        [0, 0],
      ] as [number, number][]);
  return { x: f.pad(x, around), geometry: { strides, pad: 'valid' } };
}

/** TensorFlow.js gives strides and dilations as a number, a pair, or nothing. */
export function pair(value: unknown): [number, number] {
  if (Array.isArray(value)) return [value[0] as number, value[1] as number];
  return typeof value === 'number' ? [value, value] : [1, 1];
}

/** A dilated filter is a larger one with zeros between its entries; so no backend needs to know dilation. */
function dilated(call: Call, f: Frozen): Fixed {
  const [dh, dw] = pair(call.attrs.dilations);
  const filter = call.fixed('filter');
  if (dh === 1 && dw === 1) return filter;
  const [h, w, c, d] = filter.shape;
  const [H, W] = [(h - 1) * dh + 1, (w - 1) * dw + 1];
  const values = call.numbers('filter');
  const spread = new Float32Array(H * W * c * d);
  for (let i = 0; i < h; i++) {
    for (let j = 0; j < w; j++) {
      const from = (i * w + j) * c * d;
      spread.set(values.subarray(from, from + c * d), (i * dh * W + j * dw) * c * d);
    }
  }
  return f.constant(spread, [H, W, c, d]);
}

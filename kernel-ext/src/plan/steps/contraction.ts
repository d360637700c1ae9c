import type { Graph } from '../graph';
import { stacked, type StepLaw, type StepOf } from '../step';

/** v ↦ v·M */
export const contract: StepLaw<'contract'> = {
  apply: (g, step, [v]) => g.matMul(v, step.matrix),
  transpose: (g, step, u) => [g.matMul(u, step.matrix, true)],
};

export const convolve: StepLaw<'convolve'> = {
  apply: (g, step, [x], stack) => convolution(g, step, 'conv2d', x, step.output.shape, stack),
  transpose: (g, step, u, stack) => [convolution(g, step, 'conv2dTranspose', u, step.inputs[0].shape, stack)],
};

export const convolveDepthwise: StepLaw<'convolveDepthwise'> = {
  apply: (g, step, [x], stack) => convolution(g, step, 'depthwise', x, step.output.shape, stack),
  transpose: (g, step, u, stack) => [
    convolution(g, step, 'depthwiseTranspose', u, step.inputs[0].shape, stack),
  ],
};

type ConvolutionOp = 'conv2d' | 'conv2dTranspose' | 'depthwise' | 'depthwiseTranspose';

function convolution(
  g: Graph,
  step: StepOf<'convolve' | 'convolveDepthwise'>,
  op: ConvolutionOp,
  input: number,
  shape: readonly number[],
  stack: number,
): number {
  const { filter, strides, pad } = step;
  return g.convolution(op, input, filter, stacked(shape, stack), { strides, pad });
}

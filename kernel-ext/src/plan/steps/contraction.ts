import type { Graph } from '../graph';
import { stacked, type StepLaw, type StepOf } from '../step';

/** v ↦ v·M */
export const contract: StepLaw<'contract'> = {
  apply: (g, step, [v]) => g.matMul(v, step.matrix),
  transpose: (g, step, u) => [g.matMul(u, step.matrix, true)],
};

/** v ↦ v·M for each of G members; a stack is a leading axis. */
export const contractEach: StepLaw<'contractEach'> = {
  apply: (g, step, [v], stack) =>
    timesEach(g, step, v, step.inputs[0].shape, step.output.shape, stack, false),
  transpose: (g, step, u, stack) => [
    timesEach(g, step, u, step.output.shape, step.inputs[0].shape, stack, true),
  ],
};

function timesEach(
  g: Graph,
  { matrices }: StepOf<'contractEach'>,
  v: number,
  from: readonly number[],
  to: readonly number[],
  stack: number,
  transpose: boolean,
): number {
  const apart = stack === 1 ? v : g.reshape(v, [stack, ...from]);
  return g.reshape(g.batchMatMul(apart, matrices, transpose), stacked(to, stack));
}

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

export const convolveTranspose: StepLaw<'convolveTranspose'> = {
  apply: (g, step, [v], stack) => convolution(g, step, 'conv2dTranspose', v, step.output.shape, stack),
  transpose: (g, step, u, stack) => [convolution(g, step, 'conv2d', u, step.inputs[0].shape, stack)],
};

type ConvolutionOp = 'conv2d' | 'conv2dTranspose' | 'depthwise' | 'depthwiseTranspose';

function convolution(
  g: Graph,
  step: StepOf<'convolve' | 'convolveDepthwise' | 'convolveTranspose'>,
  op: ConvolutionOp,
  input: number,
  shape: readonly number[],
  stack: number,
): number {
  const { filter, strides, pad, groups } = step;
  const grouped = groups === undefined ? {} : { groups };
  return g.convolution(op, input, filter, stacked(shape, stack), { strides, pad, ...grouped });
}

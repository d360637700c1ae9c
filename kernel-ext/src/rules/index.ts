/** Every rule, one line each. A new kernel is a rule in the file of its family, a line here, a row in test/rules/cases.ts. */
import { abs, clipByValue, leakyRelu, prelu, relu, relu6 } from './activations';
import { add, addN, maximum, minimum, multiply, neg, realDiv, sub } from './arithmetic';
import { conv2D, depthwiseConv2D, fusedConv2D, fusedDepthwiseConv2D } from './convolution';
import { batchMatMul, fusedMatMul } from './dense';
import { cast, concat, expandDims, identity, padV2, reshape, slice, transpose } from './layout';
import { fusedBatchNorm } from './normalization';
import { avgPool, maxPool } from './pooling';
import { max, mean, sum } from './reduction';
import type { Rule } from './rule';

const all: Rule[] = [
  ...[batchMatMul, fusedMatMul],
  ...[conv2D, depthwiseConv2D, fusedConv2D, fusedDepthwiseConv2D],
  ...[relu, relu6, clipByValue, leakyRelu, prelu, abs],
  ...[maxPool, avgPool],
  ...[fusedBatchNorm],
  ...[add, addN, sub, neg, multiply, realDiv, maximum, minimum],
  ...[sum, mean, max],
  ...[reshape, expandDims, identity, cast, transpose, padV2, slice, concat],
];

/** Rules by the name of their kernel. */
export const rules: ReadonlyMap<string, Rule> = new Map(all.map(rule => [rule.kernel, rule]));

/** Every rule, one line each. A new kernel is a rule in the file of its family, a line here, a row in test/rules/cases.ts. */
import { abs, clipByValue, leakyRelu, prelu, relu, relu6 } from './activations';
import { argMax, argMin, oneHot } from './arg-max';
import { add, addN, maximum, minimum, multiply, neg, realDiv, sub } from './arithmetic';
import { comparisons, select } from './comparison';
import { conv2D, conv2DTranspose, depthwiseConv2D, fusedConv2D, fusedDepthwiseConv2D } from './convolution';
import { conv3D, conv3DTranspose } from './convolution-3d';
import { cumsum } from './cumulation';
import { batchMatMul, fusedMatMul } from './dense';
import { einsum } from './einsum';
import {
  cast,
  concat,
  diag,
  expandDims,
  identity,
  pack,
  padV2,
  reshape,
  slice,
  splitV,
  transpose,
  unpack,
} from './layout';
import { fusedBatchNorm, localResponse } from './normalization';
import { avgPool, avgPool3D, maxPool, maxPool3D, maxPoolWithArgmax } from './pooling';
import { square, squaredDifference } from './product';
import { batchToSpace, depthToSpace, spaceToBatch } from './rearrangement';
import { max, mean, min, prod, sum } from './reduction';
import { resizeBilinear, resizeNearest } from './resize';
import { rounding } from './rounding';
import { onnxRules } from './onnx/index';
import type { Call, Rule } from './rule';
import { flipLeftRight, gatherNd, gatherV2, mirrorPad, reverse, stridedSlice, tile } from './selection';
import { pow, smooth } from './smooth';
import { softmax } from './softmax';
import { topK } from './sorting';

const all: Rule[] = [
  ...[batchMatMul, fusedMatMul, einsum],
  ...[conv2D, depthwiseConv2D, fusedConv2D, fusedDepthwiseConv2D, conv2DTranspose],
  ...[conv3D, conv3DTranspose],
  ...[relu, relu6, clipByValue, leakyRelu, prelu, abs],
  ...[maxPool, avgPool, maxPool3D, avgPool3D, maxPoolWithArgmax],
  ...[fusedBatchNorm, localResponse],
  ...[add, addN, sub, neg, multiply, realDiv, maximum, minimum],
  ...[sum, mean, max, min, prod, cumsum, topK],
  ...[...comparisons, ...rounding, select, argMax, argMin, oneHot],
  ...[...smooth, pow, square, squaredDifference, softmax],
  ...[reshape, expandDims, identity, cast, transpose, padV2, slice, concat, pack, unpack, splitV, diag],
  ...[gatherV2, gatherNd, reverse, flipLeftRight, tile, mirrorPad, stridedSlice],
  ...[depthToSpace, spaceToBatch, batchToSpace, resizeBilinear, resizeNearest],
];

/** Rules by the name of their kernel. */
export const rules: ReadonlyMap<string, Rule> = new Map(all.map(rule => [rule.kernel, rule]));

/** The rule for a call: of an ONNX operator where it has an operator set, else of a TensorFlow.js kernel. */
export const ruleFor = ({ kernel, opset }: Pick<Call, 'kernel' | 'opset'>): Rule | undefined =>
  opset === undefined ? rules.get(kernel) : onnxRules.get(opset.domain)?.get(kernel);

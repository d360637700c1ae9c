import type { StepKind, StepLaw } from './step';
import { contract, contractEach, convolve, convolveDepthwise, convolveTranspose } from './steps/contraction';
import { scale, shift, sum } from './steps/elementwise';
import { broadcast, concat, pad, permute, reduceSum, reshape, slice, take } from './steps/layout';

/** How each kind of step acts and how its transpose acts. */
export const laws: { [K in StepKind]: StepLaw<K> } = {
  scale,
  shift,
  sum,
  contract,
  contractEach,
  convolve,
  convolveDepthwise,
  convolveTranspose,
  reduceSum,
  broadcast,
  reshape,
  permute,
  pad,
  slice,
  concat,
  take,
};

/** The law of a step whose kind is known only at run time. */
export const lawOf = (kind: StepKind): StepLaw<StepKind> => laws[kind] as StepLaw<StepKind>;

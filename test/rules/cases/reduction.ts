import type * as TF from '@tensorflow/tfjs';
import { image, type Case } from '../case';

export const reduction: Case[] = [
  { kernel: 'Sum', name: 'over the first axis', shape: [4, 5], build: tf => x => tf.sum(x, 0) },
  { kernel: 'Sum', name: 'over everything', shape: [4, 5], build: tf => x => tf.sum(x) },
  { kernel: 'Mean', name: 'over two axes, kept', shape: image, build: tf => x => tf.mean(x, [1, 2], true) },
  { kernel: 'Mean', name: 'over the last axis', shape: [4, 5], build: tf => x => tf.mean(x, -1) },
  ...([0, 1, undefined] as const).map(axis => ({
    kernel: 'Prod',
    name:
      axis === undefined ? 'of everything' : axis === 0 ? 'over the first axis' : 'over the last axis, kept',
    shape: [4, 5],
    smooth: true,
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.prod(x.mul(0.5).add(1), axis, axis === 1),
  })),
  { kernel: 'Max', name: 'over two axes', shape: image, build: tf => x => tf.max(x, [1, 2]) },
  { kernel: 'Min', name: 'over two axes, kept', shape: image, build: tf => x => tf.min(x, [1, 2], true) },
  ...(
    [
      [1, false, false],
      [0, true, false],
      [1, false, true],
    ] as [number, boolean, boolean][]
  ).map(([axis, exclusive, reverse]) => ({
    kernel: 'Cumsum',
    noGradient:
      axis === 1 ? undefined : 'the gradient of Cumsum in TensorFlow.js forgets to turn its axes back',
    name: `axis ${axis}, ${exclusive ? 'exclusive' : 'inclusive'}${reverse ? ', from the end' : ''}`,
    shape: [4, 5],
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.cumsum(x, axis, exclusive, reverse),
  })),
  ...[3, 5].map(k => ({
    kernel: 'TopK',
    name: `the ${k} largest of 5, in order`,
    shape: [4, 5],
    noGradient: 'TensorFlow.js has no gradient of TopK',
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.topk(x, k).values.mul([[1], [2], [3], [4]]),
  })),
  { kernel: 'Max', name: 'over everything', shape: [4, 5], build: tf => x => tf.max(x) },
];

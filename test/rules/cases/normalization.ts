import type * as TF from '@tensorflow/tfjs';
import { image, numbers, type Case, type Image } from '../case';

export const normalization: Case[] = [
  ...([1, 5] as const).map(radius => ({
    kernel: 'LRN',
    name: `local response of ${2 * radius + 1} channels`,
    shape: [1, 3, 4, 5],
    smooth: true,
    build: (tf: typeof TF) => (x: TF.Tensor) =>
      tf.localResponseNormalization(x as Image, radius, 1.5, 0.3, 0.75),
  })),
  {
    kernel: 'FusedBatchNorm',
    name: 'moving statistics',
    shape: image,
    build: tf => {
      const [mean, offset, scale] = [1, 2, 3].map(seed => numbers(tf, [3], seed) as TF.Tensor1D);
      const variance = numbers(tf, [3], 4).square().add(0.1) as TF.Tensor1D;
      return x => tf.batchNorm(x as Image, mean, variance, offset, scale);
    },
  },
  {
    kernel: 'FusedBatchNorm',
    name: 'statistics of x itself',
    shape: [2, 3, 4, 5],
    smooth: true,
    build: tf => {
      const [offset, scale] = [2, 3].map(seed => numbers(tf, [5], seed) as TF.Tensor1D);
      return x => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return tf.batchNorm(x as Image, mean as TF.Tensor1D, variance as TF.Tensor1D, offset, scale);
      };
    },
  },
];

import type * as TF from '@tensorflow/tfjs';
import { image, volume, type Case, type Image } from '../case';

export const pooling: Case[] = [
  ...(
    [
      [2, 2, 'valid'],
      [2, 2, 'same'],
      [3, 2, 'same'],
      [3, 1, 'valid'],
      [[2, 3], [1, 2], 'same'],
    ] as [number | [number, number], number | [number, number], 'same' | 'valid'][]
  ).flatMap(([size, strides, pad]) => [
    {
      kernel: 'MaxPool',
      name: `windows ${size}, strides ${strides}, ${pad}`,
      shape: image,
      build: (tf: typeof TF) => (x: TF.Tensor) => tf.maxPool(x as Image, size, strides, pad),
    },
    {
      kernel: 'AvgPool',
      name: `windows ${size}, strides ${strides}, ${pad}`,
      shape: image,
      build: (tf: typeof TF) => (x: TF.Tensor) => tf.avgPool(x as Image, size, strides, pad),
    },
  ]),
  ...(
    [
      [2, 2, 'valid'],
      [3, 2, 'same'],
      [[2, 3, 1], [1, 2, 1], 'same'],
    ] as [number | [number, number, number], number | [number, number, number], 'same' | 'valid'][]
  ).flatMap(([size, strides, pad]) => [
    {
      kernel: 'MaxPool3D',
      // On WebAssembly TensorFlow.js gives other numbers than on its two other backends.
      onlyOn: ['tensorflow', 'cpu'] as const,
      name: `windows ${size}, strides ${strides}, ${pad}`,
      shape: volume,
      build: (tf: typeof TF) => (x: TF.Tensor) => tf.maxPool3d(x as TF.Tensor5D, size, strides, pad),
    },
    {
      kernel: 'AvgPool3D',
      name: `windows ${size}, strides ${strides}, ${pad}`,
      shape: volume,
      build: (tf: typeof TF) => (x: TF.Tensor) => tf.avgPool3d(x as TF.Tensor5D, size, strides, pad),
    },
  ]),
  {
    kernel: 'MaxPool',
    name: 'padding given by a number',
    shape: image,
    onlyOn: ['cpu'],
    build: tf => x => tf.maxPool(x as Image, 3, 2, 1),
  },
];

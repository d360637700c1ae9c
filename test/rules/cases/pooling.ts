import type * as TF from '@tensorflow/tfjs';
import { image, volume, type Case, type Image } from '../case';

const SIDES: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [1, 0],
  [2, 1],
  [0, 0],
];

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
  ...(
    [
      ['padding given by a number', 1, undefined],
      ['padding given by a number, rounded up', 1, 'ceil'],
      ['padding given by side', SIDES, undefined],
    ] as [string, number | typeof SIDES, 'ceil' | undefined][]
  ).flatMap(([name, pad, rounding]) =>
    (['MaxPool', 'AvgPool'] as const).map(kernel => ({
      kernel,
      name,
      shape: image,
      // The native backend refuses such padding, and WebAssembly computes fewer outputs than it reports where they are rounded up.
      onlyOn: rounding === undefined ? (['cpu', 'wasm'] as const) : (['cpu'] as const),
      build: (tf: typeof TF) => (x: TF.Tensor) =>
        kernel === 'MaxPool'
          ? tf.maxPool(x as Image, 3, 2, pad, rounding)
          : tf.avgPool(x as Image, 3, 2, pad, rounding),
    })),
  ),
  ...(['MaxPool3D', 'AvgPool3D'] as const).map(kernel => ({
    kernel,
    name: 'padding given by a number',
    shape: volume,
    onlyOn: ['cpu'] as const,
    build: (tf: typeof TF) => (x: TF.Tensor) =>
      kernel === 'MaxPool3D'
        ? tf.maxPool3d(x as TF.Tensor5D, 3, 2, 1)
        : tf.avgPool3d(x as TF.Tensor5D, 3, 2, 1),
  })),
  ...([2, 3] as const).map(size => ({
    kernel: 'MaxPoolWithArgmax',
    name: `windows ${size}, whose positions are not used`,
    shape: image,
    // On WebAssembly its numbers are not those of MaxPool.
    onlyOn: ['cpu'] as const,
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.maxPoolWithArgmax(x as Image, size, 2, 'same').result,
  })),
];

import type * as TF from '@tensorflow/tfjs';
import { image, numbers, type Case, type Image } from '../case';

export const convolution: Case[] = [
  ...(
    [
      [1, 'same'],
      [1, 'valid'],
      [2, 'same'],
      [[2, 1], 'valid'],
      [1, 2],
    ] as [number | [number, number], 'same' | 'valid' | number][]
  ).map(([strides, pad]) => ({
    kernel: 'Conv2D',
    name: `strides ${strides}, padding ${pad}`,
    shape: image,
    onlyOn: typeof pad === 'number' ? ('cpu' as const) : undefined,
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      return (x: TF.Tensor) => tf.conv2d(x as Image, filter, strides, pad);
    },
  })),
  {
    kernel: 'Conv2D',
    name: 'padding given by side',
    shape: image,
    noGradient: 'the native backend has no gradient of explicit padding',
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      return x =>
        tf.conv2d(x as Image, filter, 1, [
          [0, 0],
          [1, 0],
          [2, 1],
          [0, 0],
        ]);
    },
  },
  {
    kernel: 'Conv2D',
    name: 'dilation 2',
    shape: image,
    noGradient: 'TensorFlow.js has no gradient of dilated convolutions',
    build: tf => {
      const filter = numbers(tf, [2, 3, 3, 4]) as Image;
      return x => tf.conv2d(x as Image, filter, 1, 'same', 'NHWC', 2);
    },
  },
  {
    kernel: 'FusedConv2D',
    name: 'bias and relu',
    shape: image,
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      const bias = numbers(tf, [4], 3);
      return x =>
        tf.fused.conv2d({ x: x as Image, filter, strides: 1, pad: 'same', bias, activation: 'relu' });
    },
  },
  ...([1, 2] as const).map(strides => ({
    kernel: 'DepthwiseConv2dNative',
    name: `strides ${strides}, two filters a channel`,
    shape: image,
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 3, 3, 2]) as Image;
      return (x: TF.Tensor) => tf.depthwiseConv2d(x as Image, filter, strides, 'same');
    },
  })),
  {
    kernel: 'FusedDepthwiseConv2D',
    name: 'bias and relu6',
    shape: image,
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 1]) as Image;
      const bias = numbers(tf, [3], 3);
      return x =>
        tf.fused.depthwiseConv2d({
          x: x as Image,
          filter,
          strides: 1,
          pad: 'valid',
          bias,
          activation: 'relu6',
        });
    },
  },
];

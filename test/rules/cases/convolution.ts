import type * as TF from '@tensorflow/tfjs';
import { image, numbers, volume, type Case, type Image } from '../case';

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
    onlyOn: typeof pad === 'number' ? (['cpu'] as const) : undefined,
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
  {
    kernel: 'DepthwiseConv2dNative',
    name: 'strides of two lengths',
    shape: image,
    onlyOn: ['cpu'],
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 2]) as Image;
      return x => tf.depthwiseConv2d(x as Image, filter, [2, 1], 'same');
    },
  },
  {
    kernel: 'Conv2D',
    name: 'strides 3, padding 1, the size rounded up',
    shape: image,
    // WebAssembly computes fewer outputs than it reports.
    onlyOn: ['cpu'],
    build: tf => {
      const filter = numbers(tf, [2, 2, 3, 4]) as Image;
      return x => tf.conv2d(x as Image, filter, 3, 1, 'NHWC', 1, 'ceil');
    },
  },
  ...(
    [
      ['dilation 2', 'same', 2],
      ['padding 1', 1, 1],
    ] as [string, 'same' | number, number][]
  ).map(([name, pad, dilations]) => ({
    kernel: 'DepthwiseConv2dNative',
    name,
    shape: image,
    onlyOn: ['cpu', 'wasm'] as const,
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 3, 3, 2]) as Image;
      return (x: TF.Tensor) => tf.depthwiseConv2d(x as Image, filter, 1, pad, 'NHWC', dilations);
    },
  })),
  {
    kernel: 'Conv2DBackpropInput',
    name: 'transposed, padding 1',
    shape: image,
    onlyOn: ['cpu', 'wasm'],
    build: tf => {
      const filter = numbers(tf, [3, 3, 4, 3]) as Image;
      return x => tf.conv2dTranspose(x as Image, filter, [2, 11, 13, 4], 2, 1);
    },
  },
  {
    kernel: 'Conv3D',
    name: 'padding 1',
    shape: volume,
    onlyOn: ['cpu'],
    build: tf => {
      const filter = numbers(tf, [3, 2, 3, 2, 3]) as TF.Tensor5D;
      return x => tf.conv3d(x as TF.Tensor5D, filter, 2, 1 as never);
    },
  },
  ...(
    [
      [1, 'valid', [5, 3, 6]],
      [2, 'valid', [7, 4, 9]],
      [1, 1, [3, 1, 4]],
    ] as [number, 'valid' | number, [number, number, number]][]
  ).map(([strides, pad, [d, h, w]]) => ({
    kernel: 'Conv3DBackpropInputV2',
    name: `transposed, strides ${strides}, padding ${pad}`,
    shape: [2, 3, 2, 4, 2],
    onlyOn: pad === 'valid' ? (['tensorflow', 'cpu'] as const) : (['cpu'] as const),
    noGradient: 'TensorFlow.js has no gradient of transposed convolution in three dimensions',
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 2, 3, 3, 2]) as TF.Tensor5D;
      return (x: TF.Tensor) =>
        tf.conv3dTranspose(x as TF.Tensor5D, filter, [2, d, h, w, 3], strides, pad as never);
    },
  })),
  ...(['elu', 'sigmoid'] as const).map(activation => ({
    kernel: 'FusedConv2D',
    name: `bias and ${activation}`,
    shape: image,
    smooth: true,
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      const bias = numbers(tf, [4], 3);
      return (x: TF.Tensor) =>
        tf.fused.conv2d({ x: x.mul(0.1) as Image, filter, strides: 1, pad: 'same', bias, activation });
    },
  })),
  {
    kernel: 'FusedConv2D',
    name: 'channels first, bias and relu',
    shape: [2, 3, 6, 7],
    onlyOn: ['cpu'],
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      const bias = numbers(tf, [4], 3);
      return x =>
        tf.fused.conv2d({
          x: x as Image,
          filter,
          strides: 2,
          pad: 'same',
          dataFormat: 'NCHW',
          bias,
          activation: 'relu',
        });
    },
  },
  {
    kernel: 'Conv2D',
    name: 'channels first, padding given by side',
    shape: [2, 3, 6, 7],
    onlyOn: ['cpu'],
    build: tf => {
      const filter = numbers(tf, [3, 3, 3, 4]) as Image;
      return x =>
        tf.conv2d(
          x as Image,
          filter,
          1,
          [
            [0, 0],
            [0, 0],
            [1, 0],
            [2, 1],
          ],
          'NCHW',
        );
    },
  },
  ...(
    [
      [1, 'same'],
      [2, 'same'],
      [2, 'valid'],
    ] as [number, 'same' | 'valid'][]
  ).map(([strides, pad]) => ({
    kernel: 'Conv2DBackpropInput',
    name: `transposed, strides ${strides}, ${pad}`,
    shape: image,
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 3, 4, 3]) as Image;
      const [h, w] = pad === 'same' ? [6 * strides, 7 * strides] : [13, 15];
      return (x: TF.Tensor) => tf.conv2dTranspose(x as Image, filter, [2, h, w, 4], strides, pad);
    },
  })),
  ...(
    [
      [1, 'same', 1],
      [2, 'same', 1],
      [[2, 1, 1], 'valid', 1],
      [1, 'same', 2],
    ] as [number | [number, number, number], 'same' | 'valid', number][]
  ).map(([strides, pad, dilations]) => ({
    kernel: 'Conv3D',
    name: `strides ${strides}, ${pad}, dilation ${dilations}`,
    shape: volume,
    onlyOn: dilations === 1 ? undefined : (['cpu'] as const),
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 2, 3, 2, 3]) as TF.Tensor5D;
      return (x: TF.Tensor) => tf.conv3d(x as TF.Tensor5D, filter, strides, pad, 'NDHWC', dilations);
    },
  })),
  ...([1, 2] as const).map(strides => ({
    kernel: 'Conv3DBackpropInputV2',
    name: `transposed, strides ${strides}`,
    shape: [2, 3, 2, 4, 2],
    // On WebAssembly TensorFlow.js gives other numbers than on its two other backends.
    onlyOn: ['tensorflow', 'cpu'] as const,
    noGradient: 'TensorFlow.js has no gradient of transposed convolution in three dimensions',
    build: (tf: typeof TF) => {
      const filter = numbers(tf, [3, 2, 3, 3, 2]) as TF.Tensor5D;
      const [d, h, w] = [3, 2, 4].map(n => n * strides);
      return (x: TF.Tensor) => tf.conv3dTranspose(x as TF.Tensor5D, filter, [2, d, h, w, 3], strides, 'same');
    },
  })),
];

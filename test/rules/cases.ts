import type * as TF from '@tensorflow/tfjs';

/** A function that runs one kernel on the way from x to F(x). The law tests run over every row. */
export interface Case {
  /** Kernel that the function must run, so that its rule is what is tested. */
  kernel: string;
  name: string;
  shape: number[];
  /** The one backend that runs the kernel this way; by default all do. */
  onlyOn?: 'cpu';
  /** Why tf.grad cannot be the reference here. */
  noGradient?: string;
  /** Makes the function; constants drawn here are fixed. */
  build(tf: typeof TF): (x: TF.Tensor) => TF.Tensor;
}

type Image = TF.Tensor4D;

const image = [2, 6, 7, 3];

/** Fixed numbers of about unit size, so that no case depends on a global seed. */
function numbers(tf: typeof TF, shape: number[], seed = 1): TF.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin((i + 1) * 12.9898 * seed) * 1.3);
  return tf.tensor(values, shape);
}

export const cases: Case[] = [
  // dense
  {
    kernel: 'BatchMatMul',
    name: 'x·B',
    shape: [3, 5],
    build: tf => {
      const b = numbers(tf, [5, 4]);
      return x => tf.matMul(x as TF.Tensor2D, b as TF.Tensor2D);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'x·Bᵀ',
    shape: [3, 5],
    build: tf => {
      const b = numbers(tf, [4, 5]);
      return x => tf.matMul(x as TF.Tensor2D, b as TF.Tensor2D, false, true);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'A·x for a batch of matrices',
    shape: [2, 5, 4],
    build: tf => {
      const a = numbers(tf, [1, 3, 5]);
      return x => tf.matMul(a as TF.Tensor3D, x as TF.Tensor3D);
    },
  },
  {
    kernel: 'BatchMatMul',
    name: 'A·xᵀ',
    shape: [3, 5],
    build: tf => {
      const a = numbers(tf, [2, 5]);
      return x => tf.matMul(a as TF.Tensor2D, x as TF.Tensor2D, false, true);
    },
  },
  ...(['linear', 'relu', 'relu6'] as const).map(activation => ({
    kernel: '_FusedMatMul',
    name: `x·B + bias, ${activation}`,
    shape: [3, 5],
    build: (tf: typeof TF) => {
      const b = numbers(tf, [5, 4], 4) as TF.Tensor2D;
      const bias = numbers(tf, [4], 2);
      return (x: TF.Tensor) => tf.fused.matMul({ a: x as TF.Tensor2D, b, bias, activation });
    },
  })),

  // convolution
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

  // activations
  { kernel: 'Relu', name: 'max(0, x)', shape: [4, 5], build: tf => x => tf.relu(x) },
  { kernel: 'Relu6', name: 'between 0 and 6', shape: [4, 5], build: tf => x => tf.relu6(x.mul(6)) },
  {
    kernel: 'ClipByValue',
    name: 'between −0.5 and 0.7',
    shape: [4, 5],
    build: tf => x => tf.clipByValue(x, -0.5, 0.7),
  },
  { kernel: 'LeakyRelu', name: 'slope 0.3', shape: [4, 5], build: tf => x => tf.leakyRelu(x, 0.3) },
  {
    kernel: 'Prelu',
    name: 'a slope a unit',
    shape: [4, 5],
    build: tf => {
      const alpha = numbers(tf, [5]);
      return x => tf.prelu(x, alpha);
    },
  },
  { kernel: 'Abs', name: '|x|', shape: [4, 5], build: tf => x => tf.abs(x) },

  // pooling
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

  // normalization
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

  // arithmetic
  {
    kernel: 'Add',
    name: 'activation + activation, broadcast',
    shape: [4, 5],
    build: tf => x => tf.add(x, x.slice([0, 0], [4, 1]).mul(3)),
  },
  {
    kernel: 'Add',
    name: 'activation + constant of higher rank',
    shape: [4, 5],
    build: tf => {
      const c = numbers(tf, [3, 1, 5]);
      return x => tf.add(x, c);
    },
  },
  {
    kernel: 'AddN',
    name: 'three terms',
    shape: [4, 5],
    build: tf => x => tf.addN([x, x.mul(2), tf.relu(x)]),
  },
  { kernel: 'Sub', name: 'constant − activation', shape: [4, 5], build: tf => x => tf.sub(1, x) },
  {
    kernel: 'Sub',
    name: 'activation − activation',
    shape: [4, 5],
    build: tf => x => tf.sub(x.mul(2), tf.relu(x)),
  },
  { kernel: 'Neg', name: '−x', shape: [4, 5], build: tf => x => tf.neg(x) },
  {
    kernel: 'Multiply',
    name: 'by a constant that broadcasts x',
    shape: [4, 1],
    build: tf => {
      const c = numbers(tf, [1, 5]);
      return x => tf.mul(c, x);
    },
  },
  { kernel: 'RealDiv', name: 'by a constant', shape: [4, 5], build: tf => x => tf.div(x, 7) },
  { kernel: 'Maximum', name: 'of x and a constant', shape: [4, 5], build: tf => x => tf.maximum(x, 0.25) },
  {
    kernel: 'Maximum',
    name: 'of two activations',
    shape: [4, 6],
    build: tf => x => tf.maximum(x.slice([0, 0], [4, 3]), x.slice([0, 3], [4, 3])),
  },
  { kernel: 'Minimum', name: 'of a constant and x', shape: [4, 5], build: tf => x => tf.minimum(0.25, x) },

  // reductions
  { kernel: 'Sum', name: 'over the first axis', shape: [4, 5], build: tf => x => tf.sum(x, 0) },
  { kernel: 'Sum', name: 'over everything', shape: [4, 5], build: tf => x => tf.sum(x) },
  { kernel: 'Mean', name: 'over two axes, kept', shape: image, build: tf => x => tf.mean(x, [1, 2], true) },
  { kernel: 'Mean', name: 'over the last axis', shape: [4, 5], build: tf => x => tf.mean(x, -1) },
  { kernel: 'Max', name: 'over two axes', shape: image, build: tf => x => tf.max(x, [1, 2]) },
  { kernel: 'Max', name: 'over everything', shape: [4, 5], build: tf => x => tf.max(x) },

  // layout
  { kernel: 'Reshape', name: 'flatten', shape: image, build: tf => x => tf.reshape(x, [2, -1]) },
  { kernel: 'ExpandDims', name: 'a new axis', shape: [4, 5], build: tf => x => tf.expandDims(x, 1).mul(2) },
  { kernel: 'Identity', name: 'clone', shape: [4, 5], build: tf => x => tf.clone(x) },
  { kernel: 'Cast', name: 'to float32', shape: [4, 5], build: tf => x => tf.cast(x, 'float32') },
  { kernel: 'Transpose', name: 'inner axes', shape: image, build: tf => x => tf.transpose(x, [0, 3, 1, 2]) },
  {
    kernel: 'Transpose',
    name: 'the first axis too',
    shape: image,
    build: tf => x => tf.transpose(x, [2, 0, 3, 1]),
  },
  {
    kernel: 'PadV2',
    name: 'around the image',
    shape: image,
    build: tf => x =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  },
  {
    kernel: 'PadV2',
    name: 'the first axis too',
    shape: [4, 5],
    build: tf => x =>
      tf.pad(x, [
        [1, 2],
        [0, 1],
      ]),
  },
  {
    kernel: 'Slice',
    name: 'inner axes',
    shape: image,
    build: tf => x => tf.slice(x, [0, 1, 2, 0], [2, 3, 4, 2]),
  },
  {
    kernel: 'Slice',
    name: 'the first axis too',
    shape: [4, 5],
    build: tf => x => tf.slice(x, [1, 0], [2, 5]),
  },
  {
    kernel: 'Concat',
    name: 'channels',
    shape: image,
    build: tf => x => tf.concat([x, tf.relu(x), x.mul(2)], -1),
  },
  {
    kernel: 'Concat',
    name: 'the first axis',
    shape: [4, 5],
    build: tf => x => tf.concat([x, tf.relu(x)], 0),
  },
];

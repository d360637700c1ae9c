import type * as TF from '@tensorflow/tfjs';
import { image, numbers, type Case } from '../case';

export const layout: Case[] = [
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
    name: 'with minus infinity, before a max-pool',
    shape: [1, 4, 4, 2],
    build: tf => x =>
      tf.maxPool(
        tf.pad4d(
          x as TF.Tensor4D,
          [
            [0, 0],
            [1, 0],
            [1, 0],
            [0, 0],
          ],
          -Infinity,
        ),
        3,
        2,
        'valid',
      ),
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
  {
    kernel: 'Concat',
    name: 'with a constant before and after',
    shape: [4, 5],
    build: tf => {
      const c = numbers(tf, [4, 2]);
      return x => tf.concat([c, x, tf.relu(x), c], 1);
    },
  },
  {
    kernel: 'PadV2',
    name: 'with a number other than 0',
    shape: [4, 5],
    noGradient: 'TensorFlow.js forgets the number in the gradient of a padding',
    build: tf => x =>
      tf.pad(
        x,
        [
          [1, 2],
          [0, 1],
        ],
        0.7,
      ),
  },
  { kernel: 'Pack', name: 'a new last axis', shape: [4, 5], build: tf => x => tf.stack([x, tf.relu(x)], -1) },
  {
    kernel: 'Pack',
    name: 'a new first axis, with a constant',
    shape: [4, 5],
    build: tf => {
      const c = numbers(tf, [4, 5]);
      return x => tf.stack([x, c, tf.relu(x)], 0);
    },
  },
  {
    kernel: 'Unpack',
    name: 'rows, of which two are used',
    shape: [4, 5],
    build: tf => x => {
      const rows = tf.unstack(x);
      return rows[2].mul(3).sub(tf.relu(rows[0]));
    },
  },
  {
    kernel: 'SplitV',
    name: 'three parts along the last axis',
    shape: [4, 6],
    build: tf => x => {
      const [a, b, c] = tf.split(x, [1, 3, 2], 1);
      return tf.concat([c, a.mul(2), b], 1);
    },
  },
  {
    kernel: 'Reverse',
    name: 'two axes',
    shape: image,
    build: tf => x => tf.reverse(x, [1, 3]),
  },
  { kernel: 'Reverse', name: 'the first axis', shape: [4, 5], build: tf => x => tf.reverse(x, 0) },
  { kernel: 'Tile', name: 'every axis', shape: [2, 3, 2], build: tf => x => tf.tile(x, [2, 1, 3]) },
  ...(['reflect', 'symmetric'] as const).map(mode => ({
    kernel: 'MirrorPad',
    name: mode,
    shape: image,
    noGradient: 'TensorFlow.js has no gradient of MirrorPad',
    build: (tf: typeof TF) => (x: TF.Tensor) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
          [1, 2],
          [0, 0],
        ],
        mode,
      ),
  })),
  ...(
    [
      ['GatherV2', 'columns, one twice', [3, 0, 3, 1], 1],
      ['GatherV2', 'rows', [2, 2, 0], 0],
    ] as [string, string, number[], number][]
  ).map(([kernel, name, indices, axis]) => ({
    kernel,
    name,
    shape: [4, 5],
    build: (tf: typeof TF) => {
      const at = tf.tensor1d(indices, 'int32');
      return (x: TF.Tensor) => tf.gather(x, at, axis);
    },
  })),
  {
    kernel: 'GatherNd',
    name: 'pixels by their position',
    shape: image,
    noGradient: 'TensorFlow.js has no gradient of GatherNd',
    build: tf => {
      const at = tf.tensor2d(
        [
          [1, 2, 3],
          [0, 5, 6],
          [1, 2, 3],
        ],
        [3, 3],
        'int32',
      );
      return x => tf.gatherND(x, at);
    },
  },
  ...(
    [
      ['every second row, the first column dropped', [0, 1], [4, 5], [2, 1]],
      ['backwards', [3, 4], [0, 1], [-1, -2]],
    ] as [string, number[], number[], number[]][]
  ).map(([name, begin, end, strides]) => ({
    kernel: 'StridedSlice',
    name,
    shape: [4, 5],
    noGradient: 'TensorFlow.js has no gradient of StridedSlice',
    build: (tf: typeof TF) => (x: TF.Tensor) => tf.stridedSlice(x, begin, end, strides),
  })),
  {
    kernel: 'StridedSlice',
    name: 'one row, its axis gone',
    shape: [4, 5],
    // The other backends of TensorFlow.js return wrong entries here.
    onlyOn: ['tensorflow'],
    noGradient: 'TensorFlow.js has no gradient of StridedSlice',
    build: tf => x => tf.stridedSlice(x, [1, 0], [2, 5], [1, 2], 0, 2, 0, 0, 1),
  },
  {
    kernel: 'DepthToSpace',
    name: 'blocks of 2',
    shape: [2, 3, 2, 8],
    noGradient: 'TensorFlow.js has no gradient of DepthToSpace',
    build: tf => x => tf.depthToSpace(x as TF.Tensor4D, 2, 'NHWC'),
  },
  {
    kernel: 'DepthToSpace',
    name: 'blocks of 2, channels first',
    shape: [2, 8, 3, 2],
    onlyOn: ['wasm'],
    build: tf => x => tf.depthToSpace(x as TF.Tensor4D, 2, 'NCHW'),
  },
  {
    kernel: 'FlipLeftRight',
    name: 'its mirror image',
    shape: image,
    noGradient: 'TensorFlow.js has no gradient of FlipLeftRight',
    build: tf => x => tf.image.flipLeftRight(x as TF.Tensor4D),
  },
  {
    kernel: 'Diag',
    name: 'on the diagonal of a matrix',
    shape: [5],
    noGradient: 'TensorFlow.js has no gradient of Diag',
    build: tf => x => tf.diag(x),
  },
  {
    kernel: 'SpaceToBatchND',
    name: 'with padding',
    shape: image,
    build: tf => x =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [1, 1],
          [0, 1],
        ],
      ),
  },
  {
    kernel: 'BatchToSpaceND',
    name: 'with crops',
    shape: [8, 3, 4, 2],
    build: tf => x =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
  },
  ...(
    [
      ['larger', [9, 11], false, false],
      ['smaller', [4, 3], false, false],
      ['with corners on corners', [9, 11], true, false],
      ['with half pixels', [9, 11], false, true],
    ] as [string, [number, number], boolean, boolean][]
  ).flatMap(([name, size, corners, half]) => [
    {
      kernel: 'ResizeBilinear',
      name,
      shape: image,
      noGradient: half ? 'TensorFlow.js ignores half pixels in the gradient' : undefined,
      build: (tf: typeof TF) => (x: TF.Tensor) =>
        tf.image.resizeBilinear(x as TF.Tensor4D, size, corners, half),
    },
    {
      kernel: 'ResizeNearestNeighbor',
      name,
      shape: image,
      noGradient: half ? 'TensorFlow.js ignores half pixels in the gradient' : undefined,
      build: (tf: typeof TF) => (x: TF.Tensor) =>
        tf.image.resizeNearestNeighbor(x as TF.Tensor4D, size, corners, half),
    },
  ]),
];

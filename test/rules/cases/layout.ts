import { image, type Case } from '../case';

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

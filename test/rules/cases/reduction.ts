import { image, type Case } from '../case';

export const reduction: Case[] = [
  { kernel: 'Sum', name: 'over the first axis', shape: [4, 5], build: tf => x => tf.sum(x, 0) },
  { kernel: 'Sum', name: 'over everything', shape: [4, 5], build: tf => x => tf.sum(x) },
  { kernel: 'Mean', name: 'over two axes, kept', shape: image, build: tf => x => tf.mean(x, [1, 2], true) },
  { kernel: 'Mean', name: 'over the last axis', shape: [4, 5], build: tf => x => tf.mean(x, -1) },
  { kernel: 'Max', name: 'over two axes', shape: image, build: tf => x => tf.max(x, [1, 2]) },
  { kernel: 'Max', name: 'over everything', shape: [4, 5], build: tf => x => tf.max(x) },
];

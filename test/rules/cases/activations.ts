import { numbers, type Case } from '../case';

export const activations: Case[] = [
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
    name: 'one slope per unit',
    shape: [4, 5],
    build: tf => {
      const alpha = numbers(tf, [5]);
      return x => tf.prelu(x, alpha);
    },
  },
  { kernel: 'Abs', name: '|x|', shape: [4, 5], build: tf => x => tf.abs(x) },
];

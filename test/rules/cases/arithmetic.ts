import { numbers, type Case } from '../case';

export const arithmetic: Case[] = [
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
    name: 'of x and infinities, which bound nothing',
    shape: [2, 4],
    build: tf => x =>
      tf.minimum(
        tf.maximum(x, tf.tensor1d([-Infinity, 0.2, -Infinity, -0.4])),
        tf.tensor1d([Infinity, 1, 0.5, Infinity]),
      ),
  },
  {
    kernel: 'Maximum',
    name: 'of two activations',
    shape: [4, 6],
    build: tf => x => tf.maximum(x.slice([0, 0], [4, 3]), x.slice([0, 3], [4, 3])),
  },
  { kernel: 'Minimum', name: 'of a constant and x', shape: [4, 5], build: tf => x => tf.minimum(0.25, x) },
];

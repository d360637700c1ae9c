import type * as TF from '@tensorflow/tfjs';
import { numbers, type Case } from '../case';

const NO_GRADIENT = 'TensorFlow.js has no gradient of comparisons';

const gated = (kernel: string, name: string, gate: (tf: typeof TF, x: TF.Tensor) => TF.Tensor): Case => ({
  kernel,
  name: `x where ${name}`,
  shape: [4, 5],
  noGradient: NO_GRADIENT,
  build: tf => x => x.mul(tf.cast(gate(tf, x), 'float32')),
});

/** Between −6 and 6, so that the input crosses steps between whole numbers. */
const steps = (kernel: string, name: string, round: (tf: typeof TF, x: TF.Tensor) => TF.Tensor): Case => ({
  kernel,
  name: `x times ${name}`,
  shape: [4, 5],
  noGradient: NO_GRADIENT,
  build: tf => x => x.mul(tf.cast(round(tf, x.mul(3)), 'float32')),
});

export const comparison: Case[] = [
  steps('Round', 'the nearest whole number', (tf, x) => tf.round(x)),
  steps('Floor', 'the whole number below', (tf, x) => tf.floor(x)),
  steps('Ceil', 'the whole number above', (tf, x) => tf.ceil(x)),
  steps('Cast', 'the whole number towards 0', (tf, x) => tf.cast(x, 'int32')),
  gated('IsFinite', 'x is finite', (tf, x) => tf.isFinite(x)),
  gated('IsInf', 'x is not infinite', (tf, x) => tf.logicalNot(tf.isInf(x))),
  gated('IsNan', 'x is a number', (tf, x) => tf.logicalNot(tf.isNaN(x))),
  gated('Any', 'its row has a number above 1', (tf, x) => tf.any(tf.greater(x, 1), 1, true)),
  gated('All', 'its column is above −1', (tf, x) => tf.all(tf.greater(x, -1), 0)),
  gated('OneHot', 'x is the largest of its row', (tf, x) => tf.oneHot(tf.argMax(x, 1), 5)),
  gated('ArgMin', 'a row, by the position of its smallest', (tf, x) => tf.argMin(x, -1).expandDims(1)),
  gated('ArgMax', 'a column, by the position of its largest', (tf, x) => tf.argMax(x, 0)),
  gated('Greater', 'x > 0.25', (tf, x) => tf.greater(x, 0.25)),
  gated('GreaterEqual', 'x ≥ −0.25', (tf, x) => tf.greaterEqual(x, -0.25)),
  gated('Less', 'x < the mean', (tf, x) => tf.less(x, x.mean(-1, true))),
  gated('LessEqual', 'x ≤ 0.25', (tf, x) => tf.lessEqual(x, 0.25)),
  gated('Equal', 'x is the largest', (tf, x) => tf.equal(x, x.max(-1, true))),
  gated('NotEqual', 'x is not the largest', (tf, x) => tf.notEqual(x, x.max(-1, true))),
  gated('LogicalAnd', '−1 < x < 1', (tf, x) => tf.logicalAnd(tf.greater(x, -1), tf.less(x, 1))),
  gated('LogicalOr', 'x < −1 or x > 1', (tf, x) => tf.logicalOr(tf.less(x, -1), tf.greater(x, 1))),
  gated('LogicalNot', 'not x > 0', (tf, x) => tf.logicalNot(tf.greater(x, 0))),
  gated('Sign', 'sign x = 1, −x elsewhere', (tf, x) => tf.sign(x)),
  gated('Step', 'x > 0, a tenth elsewhere', (tf, x) => tf.step(x, 0.1)),
  {
    kernel: 'Select',
    name: 'a gate on x',
    shape: [4, 5],
    noGradient: NO_GRADIENT,
    build: tf => x => tf.where(tf.greater(x, 0.5), x.mul(2), tf.relu(x)),
  },
  gated('OnesLike', '1 like x', (tf, x) => tf.onesLike(x)),
  gated('ZerosLike', 'nothing like 0 is positive', (tf, x) => tf.logicalNot(tf.greater(tf.zerosLike(x), 0))),
  {
    kernel: 'Select',
    name: 'minus infinity where attention is masked',
    shape: [3, 3],
    smooth: true,
    noGradient: NO_GRADIENT,
    build: tf => {
      const mask = tf.tensor2d([1, 0, 0, 1, 1, 0, 1, 1, 1], [3, 3], 'bool');
      return x => {
        const scores = tf.where(mask, tf.matMul(x, x, false, true), tf.fill([3, 3], -Infinity));
        return tf.matMul(tf.softmax(scores), x);
      };
    },
  },
  ...(
    [
      ['Add', -1e9],
      ['Add', -Infinity],
      ['Sub', Infinity],
    ] as const
  ).map(([kernel, value]) => ({
    kernel,
    name: `a mask of ${value} on the scores of attention`,
    shape: [3, 3],
    smooth: true,
    build: (tf: typeof TF) => {
      const mask = tf.tensor2d([0, value, value, 0, 0, value, 0, 0, 0], [3, 3]);
      return (x: TF.Tensor) => {
        const scores = tf.matMul(x, x, false, true);
        const masked = kernel === 'Add' ? scores.add(mask) : scores.sub(mask);
        return tf.matMul(tf.softmax(masked), x);
      };
    },
  })),
  {
    kernel: 'Select',
    name: 'a constant mask, and a constant elsewhere',
    shape: [4, 5],
    build: tf => {
      const mask = numbers(tf, [4, 5]).greater(0);
      return x => tf.where(mask, x, -3);
    },
  },
];

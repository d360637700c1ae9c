import type * as TF from '@tensorflow/tfjs';
import { numbers, type Case } from '../case';

/** A scale after the function, so that a final sigmoid or softmax is not cut. */
const ended = (y: TF.Tensor) => y.mul(1.5);

const entrywise = (kernel: string, name: string, run: (tf: typeof TF, x: TF.Tensor) => TF.Tensor): Case => ({
  kernel,
  name,
  shape: [4, 5],
  smooth: true,
  build: tf => x => ended(run(tf, x)),
});

const NO_BROADCAST = 'the gradient of SquaredDifference in TensorFlow.js does not know broadcasting';

/** Numbers between 0.5 and 3, for functions that need positive ones. */
const positive = (x: TF.Tensor) => x.square().add(0.5);

export const smooth: Case[] = [
  entrywise('Sigmoid', 'σ(x)', (tf, x) => tf.sigmoid(x)),
  entrywise('Tanh', 'tanh x', (tf, x) => tf.tanh(x)),
  entrywise('Erf', 'erf x', (tf, x) => tf.erf(x)),
  entrywise('Elu', 'elu x', (tf, x) => tf.elu(x)),
  entrywise('Selu', 'selu x', (tf, x) => tf.selu(x)),
  entrywise('Softplus', 'log(1 + eˣ)', (tf, x) => tf.softplus(x.mul(4))),
  entrywise('Exp', 'eˣ', (tf, x) => tf.exp(x)),
  entrywise('Expm1', 'eˣ − 1', (tf, x) => tf.expm1(x)),
  entrywise('Log', 'log x', (tf, x) => tf.log(positive(x))),
  entrywise('Log1p', 'log(1 + x)', (tf, x) => tf.log1p(positive(x))),
  entrywise('Sqrt', '√x', (tf, x) => tf.sqrt(positive(x))),
  entrywise('Rsqrt', '1/√x', (tf, x) => tf.rsqrt(positive(x))),
  entrywise('Reciprocal', '1/x', (tf, x) => tf.reciprocal(positive(x))),
  entrywise('Sin', 'sin x', (tf, x) => tf.sin(x)),
  entrywise('Cos', 'cos x', (tf, x) => tf.cos(x)),
  entrywise('Square', 'x²', (tf, x) => tf.square(x)),
  entrywise('Pow', 'x³', (tf, x) => tf.pow(x, 3)),
  entrywise('Pow', 'the power −1.5', (tf, x) => tf.pow(positive(x), -1.5)),
  {
    ...entrywise('SquaredDifference', '(x − mean)²', (tf, x) => tf.squaredDifference(x, x.mean(-1, true))),
    noGradient: NO_BROADCAST,
  },
  entrywise('SquaredDifference', '(1 − x)²', (tf, x) => tf.squaredDifference(1, x)),
  entrywise('Softmax', 'along the last axis', (tf, x) => tf.softmax(x.mul(2))),
  entrywise('Log', 'log-softmax', (tf, x) => tf.logSoftmax(x.mul(2))),
  entrywise('Multiply', 'swish, x·σ(x)', (tf, x) => x.mul(tf.sigmoid(x))),
  entrywise('Multiply', 'hard swish', (tf, x) => x.mul(tf.relu6(x.add(3)).div(6))),
  entrywise('Multiply', 'gelu by erf', (tf, x) => x.mul(0.5).mul(tf.erf(x.div(Math.SQRT2)).add(1))),
  entrywise('Multiply', 'by a factor that is broadcast', (_tf, x) => x.mul(x.mean(-1, true))),
  entrywise('RealDiv', 'constant / activation', (tf, x) => tf.div(2, positive(x))),
  entrywise('RealDiv', 'softsign', (_tf, x) => x.div(x.abs().add(1))),
  entrywise('RealDiv', 'by a norm', (_tf, x) => x.div(x.square().sum(-1, true).sqrt())),
  { ...entrywise('Rsqrt', 'layer normalization', layerNorm), noGradient: NO_BROADCAST },
];

function layerNorm(tf: typeof TF, x: TF.Tensor): TF.Tensor {
  const mean = x.mean(-1, true);
  const scale = tf.rsqrt(tf.squaredDifference(x, mean).mean(-1, true).add(1e-3));
  const gamma = numbers(tf, [5], 2);
  return x.mul(scale.mul(gamma)).add(numbers(tf, [5], 3).sub(mean.mul(scale.mul(gamma))));
}

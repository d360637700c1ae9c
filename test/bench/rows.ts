/**
 * `npm run bench:rows`: milliseconds for all 10 rows of W of the MNIST CNN at one digit, the forward pass and b included,
 * against tf.grad on the digit tiled ten times, in turns in one run. Both give the same rows; that is checked first.
 */
import * as tf from '@tensorflow/tfjs-node';
import { linearize } from '../../kernel-ext/src/linearize';
import { mnistCnn } from './mnist-cnn';

const CLASSES = 10;
const RUNS = 200;

async function main(): Promise<void> {
  const { model, digits } = await mnistCnn();
  const x = digits.image(0);
  const logits = logitsOf(model);

  const ours = async () => {
    const lin = await linearize(model, x);
    const rows = await lin.weights.toTensor();
    const values = await rows.data();
    tf.dispose(rows);
    lin.dispose();
    return values;
  };
  const theirs = async () => {
    const rows = tf.tidy(() => {
      const tiled = x.expandDims().tile([CLASSES, 1, 1, 1]);
      return tf.grad((z: tf.Tensor) => logits(z).mul(tf.eye(CLASSES)).sum())(tiled);
    });
    const values = await rows.data();
    rows.dispose();
    return values;
  };

  const [a, b] = [await ours(), await theirs()];
  const difference = a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
  if (difference > 1e-4)
    throw new Error(`the two do not compute the same rows: they differ by ${difference}`);

  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let i = 0; i < RUNS; i++) {
    times.ours.push(await milliseconds(ours));
    times.theirs.push(await milliseconds(theirs));
  }
  const [mine, tiled] = [median(times.ours), median(times.theirs)];
  console.log(
    `10 rows of W and b: linearize ${mine.toFixed(2)} ms, tf.grad on 10 tiles ${tiled.toFixed(2)} ms (rows only)`,
  );
  console.log(
    `ratio ${(tiled / mine).toFixed(2)} (median of ${RUNS} runs in turns; largest difference ${difference.toExponential(1)})`,
  );
}

/** The network before its softmax, built of the same layers. */
function logitsOf(model: tf.LayersModel): (x: tf.Tensor) => tf.Tensor {
  const last = model.layers.at(-1)!;
  const before = tf.model({ inputs: model.inputs, outputs: last.input as tf.SymbolicTensor });
  const [kernel, bias] = last.getWeights() as [tf.Tensor2D, tf.Tensor1D];
  return x => tf.matMul(before.apply(x) as tf.Tensor2D, kernel).add(bias);
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

void main();

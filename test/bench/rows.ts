/**
 * `npm run bench:rows`: milliseconds for all 10 rows of W of the MNIST CNN at one digit, including the forward pass and b,
 * against tf.grad on the digit tiled ten times (rows only), in turns in one run. Checks first that all give the same rows.
 */
import * as tf from '@tensorflow/tfjs-node';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { logitsOf } from '../networks/logits';
import { mnistCnn } from './mnist-cnn';

const CLASSES = 10;
const WARM_UP = 20;
const RUNS = 200;

async function main(): Promise<void> {
  const { model, digits } = await mnistCnn();
  const x = digits.instance(0);
  const logits = logitsOf(model);

  const ours = (executor: 'tfjs' | 'onnx') => async () => {
    const lin = await linearize(model, x, { executor });
    const rows = await lin.weights.toTensor();
    const values = (await rows.data()) as Float32Array;
    rows.dispose();
    lin.dispose();
    return values;
  };
  const tiled = async () => {
    const rows = tf.tidy(() => {
      const tiles = x.expandDims().tile([CLASSES, 1, 1, 1]);
      return tf.grad((z: tf.Tensor) => logits(z).mul(tf.eye(CLASSES)).sum())(tiles);
    });
    const values = (await rows.data()) as Float32Array;
    rows.dispose();
    return values;
  };
  const ways = {
    'tf.grad on 10 tiles': tiled,
    'linearize, tfjs': ours('tfjs'),
    'linearize, onnx': ours('onnx'),
  };

  const reference = await tiled();
  const times = new Map<string, number[]>();
  for (const [name, way] of Object.entries(ways)) {
    const difference = (await way()).reduce((most, v, i) => Math.max(most, Math.abs(v - reference[i])), 0);
    if (difference > 1e-4) throw new Error(`${name} gives different rows: they differ by ${difference}`);
    times.set(name, []);
  }
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    for (const [name, way] of Object.entries(ways)) {
      const took = await milliseconds(way);
      if (i >= WARM_UP) times.get(name)!.push(took);
    }
  }
  const base = median(times.get('tf.grad on 10 tiles')!);
  for (const [name, taken] of times) {
    console.log(`${name.padEnd(20)} ${median(taken).toFixed(2)} ms  ${(base / median(taken)).toFixed(2)}×`);
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

void main();

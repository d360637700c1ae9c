/**
 * `npm run bench:what-if`: the kernel's part of a frame of "what if" on the MNIST CNN, from the message to the answer, beside one
 * forward pass of the model. Prints medians.
 */
import '../backend';
import * as tf from '@tensorflow/tfjs';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { LINEARIZATION_MIME, type LinearizationPayload } from '../../kernel-ext/src/payload';
import { mnistLinearization } from '../bundles/mnist-linearization';
import { mnistCnn } from './mnist-cnn';

const ROUNDS = 60;
const WARM_UP = 10;

async function main(): Promise<void> {
  const lin = await mnistLinearization();
  const bundle = await linearizationBundle(lin);
  const { handle } = bundle[LINEARIZATION_MIME] as LinearizationPayload;
  const x = Float32Array.from(await lin.input.data());
  const { model } = await mnistCnn();
  const message = await median(async i => {
    x[i % x.length] += 0.01;
    const { reply } = await answer({ id: i, op: 'whatIf', handle }, new AbortController().signal, [x]);
    if (!reply.ok) throw new Error(reply.message);
  });
  const other = tf.tensor(x, lin.input.shape);
  const parts = {
    'answer to the message': message,
    'lin.whatIf(x′)': await median(async () => {
      const { output, predicted } = await lin.whatIf(other);
      tf.dispose([output, predicted]);
    }),
    'W·x′': await median(async () => (await lin.weights.apply(other)).dispose()),
    'model.predict(x′)': await median(async () => {
      const y = tf.tidy(() => model.predict(other.expandDims(0)) as tf.Tensor);
      await y.data();
      y.dispose();
    }),
  };
  for (const [name, ms] of Object.entries(parts))
    console.log(`${name.padEnd(24)} ${ms.toFixed(2).padStart(7)} ms`);
}

/** In milliseconds. */
async function median(work: (i: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const start = performance.now();
    await work(i);
    if (i >= WARM_UP) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

void main();

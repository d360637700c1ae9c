/** Work that runs at once, and work that is aborted: right numbers or a typed error, and no tensor is left. */
import '../../backend';
import * as tf from '@tensorflow/tfjs';
import { census, linearize, path as pathBetween } from '../../../kernel-ext/src';
import { AbortError, PiecewiseError } from '../../../kernel-ext/src/public-errors';
import { type Row, Tally } from './row';
import { attackSharedKernel } from './shared-kernel';

const AT_ONCE = 50;
const ABORTS = 50;
const INPUTS = 20;

const network = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 64, activation: 'relu', inputShape: [INPUTS] }),
      tf.layers.dense({ units: 64, activation: 'relu' }),
      tf.layers.dense({ units: 5 }),
    ],
  });

const input = (seed: number) => Array.from({ length: INPUTS }, (_, i) => Math.sin(1 + seed * 7 + i * 3));

/** All numbers of a linearization at an input, which is disposed. */
async function numbersAt(model: tf.LayersModel, seed: number, executor: 'tfjs' | 'onnx'): Promise<number[]> {
  const lin = await linearize(model, input(seed), { executor });
  try {
    const rows = await lin.weights.toTensor();
    const numbers = [...(await rows.data()), ...(await lin.bias.data()), ...(await lin.output.data())];
    rows.dispose();
    return numbers;
  } finally {
    lin.dispose();
  }
}

const furthest = (a: number[], b: number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i])));

async function linearizations(): Promise<Row> {
  const tally = new Tally(`${AT_ONCE} linearizations at once, with both executors`);
  const model = network();
  const { numTensors } = tf.memory();
  const alone: number[][] = [];
  for (let i = 0; i < AT_ONCE; i++) alone.push(await numbersAt(model, i, 'tfjs'));
  const together = await Promise.all(alone.map((_, i) => numbersAt(model, i, i % 2 === 0 ? 'tfjs' : 'onnx')));
  together.forEach((numbers, i) => {
    const difference = furthest(numbers, alone[i]);
    tally.count(difference < 1e-5 ? null : `input ${i} differs by ${difference}`);
  });
  tally.count(tf.memory().numTensors === numTensors ? null : 'tensors are left');
  model.dispose();
  return tally.row('the numbers of each alone, no tensor left');
}

async function fitBeside(): Promise<Row> {
  const tally = new Tally('fit beside linearize');
  const [trained, model] = [network(), network()];
  trained.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const [x, y] = [tf.randomNormal([200, INPUTS]), tf.randomNormal([200, 5])];
  const alone: number[][] = [];
  for (let i = 0; i < 10; i++) alone.push(await numbersAt(model, i, 'tfjs'));
  const fitted = trained.fit(x, y, { epochs: 20, batchSize: 10, verbose: 0 });
  for (let i = 0; i < 10; i++) {
    const difference = furthest(await numbersAt(model, i, 'tfjs'), alone[i]);
    tally.count(difference < 1e-5 ? null : `input ${i} differs by ${difference}`);
  }
  const { history } = await fitted;
  const [first, last] = [history.loss[0], history.loss.at(-1)] as number[];
  tally.count(last < first ? null : `the loss went from ${first} to ${last}`);
  tf.dispose([x, y]);
  for (const each of [trained, model]) each.dispose();
  return tally.row('the numbers of linearize alone, and the loss falls');
}

async function aborts(): Promise<Row> {
  const tally = new Tally('abort at random moments');
  const model = network();
  const points = tf.randomNormal([40, INPUTS], 0, 1, 'float32', 3);
  const kinds: ((signal: AbortSignal) => Promise<unknown>)[] = [
    signal => pathBetween(model, input(0), input(1), { signal }),
    signal => census(model, points, { signal }),
    async signal => {
      const lin = await linearize(model, input(2));
      try {
        const { point } = await lin.radius({ signal, exact: true });
        point?.dispose();
      } finally {
        lin.dispose();
      }
    },
  ];
  for (const kind of kinds) await kind(new AbortController().signal).then(disposed);
  let stopped = 0;
  for (let i = 0; i < ABORTS; i++) {
    const { numTensors } = tf.memory();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stop')), Math.random() * 20);
    const error: unknown = await kinds[i % kinds.length](controller.signal).then(disposed, (e: unknown) => e);
    if (error instanceof AbortError) stopped++;
    const isTyped = error === undefined || error instanceof PiecewiseError;
    const left = tf.memory().numTensors - numTensors;
    tally.count(!isTyped ? String(error) : left !== 0 ? `${left} tensors are left` : null);
  }
  tf.dispose(points);
  model.dispose();
  return tally.row(`${stopped} stopped with AbortError, the others had ended; no tensor left`);
}

function disposed(result: unknown): undefined {
  (result as { dispose?(): void } | undefined)?.dispose?.();
  return undefined;
}

export async function attackAtOnce(): Promise<Row[]> {
  return [await linearizations(), await fitBeside(), await aborts(), ...(await attackSharedKernel())];
}

/** The same work again and again, with errors between: no tensor is left, and the memory stays bounded. */
import '../../backend';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../../kernel-ext/src';
import { PiecewiseError } from '../../../kernel-ext/src/public-errors';
import { Client, resultText } from '../../kernel/client';
import { type Row, Tally } from './row';

const IS_FULL = process.argv.includes('--full');
const LINEARIZATIONS = IS_FULL ? 20_000 : 1000;
const MODELS = IS_FULL ? 300 : 100;
const COMMS = 200;
const RESTARTS = IS_FULL ? 50 : 5;

/** The resident memory may grow by this much between the first third and the end. */
const MOST_MIB = 100;

const network = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 32, activation: 'relu', inputShape: [16] }),
      tf.layers.dense({ units: 4 }),
    ],
  });

const mebibytes = (): number => process.memoryUsage().rss / 2 ** 20;

/** Runs work many times. The first third warms up; after it, memory may grow by MOST_MIB, and tensors not at all. */
async function repeated(
  attack: string,
  times: number,
  work: (i: number) => Promise<string | null>,
): Promise<Row> {
  const tally = new Tally(attack);
  const warm = Math.floor(times / 3);
  const { numTensors } = tf.memory();
  let before = mebibytes();
  for (let i = 0; i < times; i++) {
    if (i === warm) before = mebibytes();
    tally.count(await work(i));
  }
  const grown = mebibytes() - before;
  const left = tf.memory().numTensors - numTensors;
  tally.count(left === 0 ? null : `${left} tensors are left`);
  tally.count(grown < MOST_MIB ? null : `the memory grew by ${grown.toFixed(0)} MiB`);
  return tally.row(`0 tensors left; resident memory ${grown.toFixed(0)} MiB more than after the first third`);
}

async function linearizations(executor: 'tfjs' | 'onnx'): Promise<Row> {
  const model = network();
  const row = await repeated(
    `linearizations with ${executor}, every tenth wrong`,
    LINEARIZATIONS,
    async i => {
      const x = Array.from({ length: i % 10 === 0 ? 7 : 16 }, (_, k) => Math.sin(i + k));
      const lin = await linearize(model, x, { executor }).catch((error: unknown) => error);
      if (i % 10 === 0) return lin instanceof PiecewiseError ? null : `input ${i}: ${String(lin)}`;
      if (lin instanceof Error) return `input ${i}: ${lin.message}`;
      const { row: rowOf, dispose } = lin as Awaited<ReturnType<typeof linearize>>;
      (await rowOf.call(lin, i % 4)).dispose();
      dispose.call(lin);
      return null;
    },
  );
  model.dispose();
  return row;
}

const models = (): Promise<Row> =>
  repeated('models compiled and dropped', MODELS, async i => {
    const model = network();
    const lin = await linearize(model, Array<number>(16).fill(i / MODELS), { executor: 'onnx' });
    lin.dispose();
    model.dispose();
    return null;
  });

async function comms(client: Client): Promise<Row> {
  const tally = new Tally('comms opened, asked and closed');
  await client.run(`(globalThis as any)[Symbol.for('piecewise.comms')].registerTarget('attack', (comm: any) => {
    comm.onMessage = ({ data }: any) => comm.send(data); })`);
  const memory = async () => Number(resultText(await client.run('process.memoryUsage().rss / 2 ** 20')));
  const before = await memory();
  for (let i = 0; i < COMMS; i++) {
    const comm_id = `attack-${i}`;
    await client.send('shell', 'comm_open', { comm_id, target_name: 'attack', data: {} });
    await client.send('shell', 'comm_msg', { comm_id, data: { i } });
    await client.send('shell', 'comm_close', { comm_id, data: {} });
    const { comms: open } = await client.request('comm_info_request');
    tally.count(comm_id in open ? `comm ${i} is still open` : null);
    client.received.length = 0;
  }
  const grown = (await memory()) - before;
  tally.count(grown < MOST_MIB ? null : `the memory grew by ${grown.toFixed(0)} MiB`);
  return tally.row(`all closed; resident memory ${grown.toFixed(0)} MiB more`);
}

async function restarts(client: Client): Promise<Row> {
  const tally = new Tally('kernel restarts');
  for (let i = 0; i < RESTARTS; i++) {
    await client.restart();
    const ran = await client.run(`const n: number = ${i}; n + tf.memory().numTensors`);
    tally.count(resultText(ran) === String(i) ? null : `restart ${i} gave ${resultText(ran)}`);
  }
  return tally.row('a right cell after each');
}

export async function attackEndurance(): Promise<Row[]> {
  const rows = [await linearizations('tfjs'), await linearizations('onnx'), await models()];
  const awake = setInterval(() => {}, 1000); // The client alone does not keep a process alive.
  const client = await Client.start();
  rows.push(await comms(client), await restarts(client));
  await client.stop();
  clearInterval(awake);
  return rows;
}

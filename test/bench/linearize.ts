/**
 * `npm run bench:linearize [-- part of a model's name]`: the time for W and b of a network at one input, Piecewise against
 * JAX, PyTorch and TensorFlow. All get the same weights and inputs, use all threads and are warm. Before anything is timed, the
 * benchmark checks that they give the same W and b. The processes take turns, a figure is the median of its runs, and only
 * ratios within one table mean anything. Prints a table and writes test/output/bench-linearize.json.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { benchmarked, vitTiny, type Benchmarked } from '../networks/benchmarked';
import { Contender } from './contender';
import { visionTransformer } from '../networks/transformer';
import { peerEnvironment } from './peer-environment';

const PEERS: [library: string, mode: string][] = [
  ['jax', 'jacrev'],
  ['jax', 'jacfwd'],
  ['torch', 'jacrev'],
  ['torch', 'jacfwd'],
  ['tensorflow', 'jacobian'],
];
/** Forward mode takes one pass per input, reverse mode one per output: past this ratio, it has no chance and may not fit into memory. */
const FORWARD_LIMIT = 100;
/** Rounding of sums of thousands of float32 products in different orders, relative to the largest number. */
const TOLERANCE = 1e-4;
/** Float32 pre-activations of size 1, sums of some hundred products: a gate this near to its threshold may fall on either side. */
const ROUNDING = 1e-6;
const SECONDS = 12;
const MOST_TURNS = 60;

interface Row {
  name: string;
  milliseconds: number;
  megabytes: number;
}

/** What every contender reads from a folder. */
interface Written {
  /** Shape of x.bin, [N, …]. */
  shape: number[];
  /** Numbers of an instance by outputs. */
  ratio: number;
}

async function measured(
  write: (folder: string) => Promise<Written>,
  peers: [string, string, string][],
): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'piecewise-bench-'));
  const contenders: Contender[] = [];
  try {
    const { shape, ratio } = await write(folder);
    const starts = [
      () => Contender.ours('onnx'),
      ...peers
        .filter(([, , mode]) => mode !== 'jacfwd' || ratio <= FORWARD_LIMIT)
        .map(peer => () => Contender.peer(...peer)),
    ];
    for (const start of starts) {
      const contender = await start();
      contenders.push(contender);
      await contender.load(folder, shape);
    }
    const ready = await agreeing(contenders, folder, shape[0]);
    const times = await turns(ready);
    const rows: Row[] = [];
    for (const [contender, taken] of times) {
      rows.push({
        name: contender.name,
        milliseconds: median(taken),
        megabytes: await contender.peakMegabytes(),
      });
    }
    return rows;
  } finally {
    for (const contender of contenders) contender.end();
    rmSync(folder, { recursive: true });
  }
}

/** A layers model as files, and an input of unit size. */
const layersModel =
  ({ model, instances = 1 }: Benchmarked) =>
  async (folder: string): Promise<Written> => {
    const network = await model();
    await network.save(`file://${folder}`);
    const instance = network.inputs[0].shape.slice(1) as number[];
    const outputs = network.outputs[0].shape.at(-1) as number;
    network.dispose();
    return writeInput(folder, [instances, ...instance], outputs);
  };

/** The sizes and weights of the vision transformer as files, and an input. */
async function transformer(folder: string): Promise<Written> {
  const { image, side, ...sizes } = vitTiny;
  const { weights } = visionTransformer(image, side, sizes);
  const numbers = await Promise.all(weights.map(tensor => tensor.data<'float32'>()));
  writeFileSync(path.join(folder, 'weights.bin'), Buffer.concat(numbers.map(v => new Uint8Array(v.buffer))));
  const shapes = weights.map(({ shape }) => shape);
  writeFileSync(path.join(folder, 'transformer.json'), JSON.stringify({ ...vitTiny, shapes }));
  return writeInput(folder, [1, ...image], sizes.outputs);
}

async function writeInput(folder: string, shape: number[], outputs: number): Promise<Written> {
  const x = tf.randomUniform(shape, 0, 1, 'float32', 7);
  writeFileSync(path.join(folder, 'x.bin'), await x.data<'float32'>());
  x.dispose();
  return { shape, ratio: shape.slice(1).reduce((a, b) => a * b, 1) / outputs };
}

/**
 * The contenders that can run this model. Checks first that they give what ours, the first, gives at every instance. In a
 * batch, instances with a gate at its threshold are left out and counted.
 */
async function agreeing(contenders: Contender[], folder: string, instances: number): Promise<Contender[]> {
  const [ours, ...others] = contenders;
  const reference = await ours.save(folder);
  const compared = await clearInstances(ours, folder, instances);
  const ready = [ours];
  for (const other of others) {
    try {
      const result = await other.save(folder);
      for (const part of ['w', 'b']) {
        const [expected, actual] = [reference, result].map(at => numbers(`${at}.${part}.bin`));
        const difference = largestDifference(expected, actual, compared);
        if (!(difference <= TOLERANCE)) {
          throw new Error(
            `${other.name} gives a different ${part}: the relative difference is ${difference}`,
          );
        }
      }
      ready.push(other);
    } catch (error) {
      console.log(`  left out: ${(error as Error).message}`);
    }
  }
  return ready;
}

/** Whether each instance is compared. */
async function clearInstances(ours: Contender, folder: string, instances: number): Promise<boolean[]> {
  if (instances === 1) return [true];
  await ours.thresholds();
  const clear = [...numbers(path.join(folder, 'thresholds.bin'))].map(nearest => nearest > ROUNDING);
  const at = clear.filter(is => !is).length;
  console.log(
    `  not compared: ${at} of ${instances} instances, with a gate within ${ROUNDING} of its threshold`,
  );
  return clear;
}

/** Milliseconds of each contender, in turns after one turn to warm up; slow ones run less often. */
async function turns(contenders: Contender[]): Promise<Map<Contender, number[]>> {
  const times = new Map(contenders.map(contender => [contender, [] as number[]]));
  for (const contender of contenders) await contender.run(2);
  const end = Date.now() + 1000 * SECONDS;
  for (let turn = 0; turn < MOST_TURNS && (Date.now() < end || turn < 3); turn++) {
    const fastest = Math.min(...[...times.values()].map(median).filter(Number.isFinite));
    for (const [contender, taken] of times) {
      const slow = turn > 2 && median(taken) > 4 * fastest;
      if (slow && turn % 10 !== 0) continue;
      // In the first run of a turn, the caches hold the data of others, and their threads may still be spinning.
      taken.push(...(await contender.run(3)).slice(1));
    }
  }
  return times;
}

const numbers = (file: string) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);

/** max|a − b| / max|a| over the instances that are compared. */
function largestDifference(a: Float32Array, b: Float32Array, compared: readonly boolean[]): number {
  if (a.length !== b.length) return Infinity;
  const size = a.length / compared.length;
  let [scale, most] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    scale = Math.max(scale, Math.abs(a[i]));
    if (compared[Math.floor(i / size)]) most = Math.max(most, Math.abs(a[i] - b[i]));
  }
  return most / scale;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

function print(name: string, rows: Row[]): number {
  const [ours, ...peers] = rows;
  console.log(`\n${name}`);
  for (const { name: who, milliseconds, megabytes } of rows) {
    const ratio = (milliseconds / ours.milliseconds).toFixed(2);
    console.log(
      `  ${who.padEnd(22)}${milliseconds.toFixed(2).padStart(10)} ms ${ratio.padStart(7)}× ${megabytes.toFixed(0).padStart(6)} MB`,
    );
  }
  return Math.min(...peers.map(peer => peer.milliseconds)) / ours.milliseconds;
}

async function main(): Promise<void> {
  const { python, libraries, missing } = peerEnvironment();
  for (const [library, reason] of missing) console.log(`without ${library}: ${reason}`);
  const peers = PEERS.filter(([library]) => libraries.includes(library)).map(
    ([library, mode]): [string, string, string] => [python, library, mode],
  );
  const results: { model: string; rows: Row[]; fastestPeer: number }[] = [];
  const models = [
    ...benchmarked.map(model => ({ name: model.name, write: layersModel(model) })),
    { name: vitTiny.name, write: transformer },
  ];
  for (const { name, write } of models.filter(({ name }) => name.includes(process.argv[2] ?? ''))) {
    const rows = await measured(write, peers);
    results.push({ model: name, rows, fastestPeer: print(name, rows) });
  }
  const mean = Math.exp(
    results.reduce((sum, { fastestPeer }) => sum + Math.log(fastestPeer), 0) / results.length,
  );
  console.log(`\nfastest peer / piecewise: ${results.map(r => r.fastestPeer.toFixed(2)).join(', ')}`);
  console.log(`geometric mean ${mean.toFixed(2)}`);
  const file = path.resolve(__dirname, '../output/bench-linearize.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ threads: os.availableParallelism(), geometricMean: mean, results }, null, 2),
  );
}

void main();

/**
 * `npm run bench:linearize [-- part of a model's name]`: the time for W and b of a network at one input, Piecewise against
 * JAX, PyTorch and TensorFlow, and an ONNX file of the network against the model of TensorFlow.js. With `-- --files` before the
 * name, it leaves out the other libraries and compares files and models by both executors. All get the same weights and inputs, use
 * all threads and are warm. Before anything is timed, the benchmark checks that they give the same W and b. The processes take
 * turns, a figure is the median of its runs, and only ratios within one table mean anything. Prints a table and writes
 * test/output/bench-linearize.json.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { benchmarked, vitTiny, type Benchmarked } from '../networks/benchmarked';
import { grouped, groupedFile } from '../networks/grouped';
import { visionTransformer } from '../networks/transformer';
import { agreeing } from './agreeing';
import { Contender, type OurMode } from './contender';
import { onnxOfLayers } from './onnx-of-layers';
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
const ONNX_FILE = 'model.onnx';
const SECONDS = 12;
const MOST_TURNS = 60;

interface Row {
  /** Of a contender: 'jax jacrev', 'piecewise file-onnx'. */
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
  ours: readonly OurMode[],
  peers: [string, string, string][],
): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'piecewise-bench-'));
  const contenders: Contender[] = [];
  try {
    const { shape, ratio } = await write(folder);
    const hasFile = existsSync(path.join(folder, ONNX_FILE));
    const starts = [
      ...ours.filter(mode => hasFile || !mode.startsWith('file')).map(mode => () => Contender.ours(mode)),
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

/** A layers model as files, one of ONNX among them, and an input of unit size. */
const layersModel =
  ({ model, instances = 1 }: Benchmarked) =>
  async (folder: string): Promise<Written> => {
    const network = await model();
    await network.save(`file://${folder}`);
    writeFileSync(path.join(folder, ONNX_FILE), await onnxOfLayers(network));
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

/** A network of grouped convolutions: an ONNX file, and a function that `ours.ts` writes for itself. */
async function groups(folder: string): Promise<Written> {
  writeFileSync(path.join(folder, 'grouped.json'), '{}');
  writeFileSync(path.join(folder, ONNX_FILE), groupedFile());
  return writeInput(folder, [1, ...grouped.image], grouped.outputs);
}

async function writeInput(folder: string, shape: number[], outputs: number): Promise<Written> {
  const x = tf.randomUniform(shape, 0, 1, 'float32', 7);
  writeFileSync(path.join(folder, 'x.bin'), await x.data<'float32'>());
  x.dispose();
  return { shape, ratio: shape.slice(1).reduce((a, b) => a * b, 1) / outputs };
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

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

/** A table of one network. Ratios are to the first row. */
function print(name: string, rows: Row[]): void {
  console.log(`\n${name}`);
  for (const { name: who, milliseconds, megabytes } of rows) {
    const ratio = (milliseconds / rows[0].milliseconds).toFixed(2);
    console.log(
      `  ${who.padEnd(22)}${milliseconds.toFixed(2).padStart(10)} ms ${ratio.padStart(7)}× ${megabytes.toFixed(0).padStart(6)} MB`,
    );
  }
}

/** How many times as long as ours the fastest other library takes. */
function fastestPeer([ours, ...others]: Row[]): number {
  const peers = others.filter(({ name }) => !name.startsWith('piecewise'));
  return Math.min(...peers.map(({ milliseconds }) => milliseconds)) / ours.milliseconds;
}

/** How long the ONNX file takes relative to the model of TensorFlow.js, by an executor. */
function fileToModel(rows: Row[], executor: string): number {
  const time = (mode: string) => rows.find(({ name }) => name === `piecewise ${mode}`)?.milliseconds ?? NaN;
  return time(`file-${executor}`) / time(executor);
}

const geometricMean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

function summarize(what: string, ratios: readonly number[]): void {
  const known = ratios.filter(Number.isFinite);
  if (known.length === 0) return;
  const each = known.map(ratio => ratio.toFixed(2)).join(', ');
  console.log(`\n${what}: ${each}; geometric mean ${geometricMean(known).toFixed(2)}`);
}

function availablePeers(): [string, string, string][] {
  const { python, libraries, missing } = peerEnvironment();
  for (const [library, reason] of missing) console.log(`without ${library}: ${reason}`);
  return PEERS.filter(([library]) => libraries.includes(library)).map(([library, mode]) => [
    python,
    library,
    mode,
  ]);
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const filesAlone = words[0] === '--files';
  const wanted = words[filesAlone ? 1 : 0] ?? '';
  const peers = filesAlone ? [] : availablePeers();
  const ours: OurMode[] = filesAlone ? ['onnx', 'file-onnx', 'tfjs', 'file-tfjs'] : ['onnx', 'file-onnx'];
  const models = [
    ...benchmarked.map(model => ({ name: model.name, write: layersModel(model) })),
    { name: grouped.name, write: groups },
    { name: vitTiny.name, write: transformer },
  ];
  const results: { model: string; rows: Row[] }[] = [];
  for (const { name, write } of models.filter(({ name }) => name.includes(wanted))) {
    const rows = await measured(write, ours, peers);
    print(name, rows);
    results.push({ model: name, rows });
  }
  const of = (ratio: (rows: Row[]) => number) => results.map(({ rows }) => ratio(rows));
  summarize('fastest peer / piecewise', of(fastestPeer));
  for (const executor of ['onnx', 'tfjs'])
    summarize(
      `ONNX file / model of TensorFlow.js, executor ${executor}`,
      of(rows => fileToModel(rows, executor)),
    );
  const file = path.resolve(__dirname, '../output/bench-linearize.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ threads: os.availableParallelism(), results }, null, 2));
}

void main();

/**
 * Computes W and b with Piecewise, on request. Reads one JSON request per line and writes one JSON reply per line, as
 * peers/peer.py does. The mode is the executor, with 'file-' before it for an ONNX file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import * as tf from '@tensorflow/tfjs-node';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import type { Executor } from '../../kernel-ext/src/linear-map/compiled';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import type { Linearizer } from '../../kernel-ext/src/linearization/linearizer';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { vitTiny } from '../networks/benchmarked';
import { grouped, groupedFunction } from '../networks/grouped';
import { visionTransformer } from '../networks/transformer';
import type { OurMode } from './contender';
import { nearestThresholds } from './thresholds';

type Reply = Record<string, unknown>;

/** W may take as much as a machine with little memory has; for the largest model it takes 63 MB. */
const MEMORY = 2 ** 30;

let model: tf.LayersModel | OnnxModel | undefined;
/** For a function, which `linearize` would compile at every call. */
let compiled: Linearizer | undefined;
let x: tf.Tensor;
let mode: OurMode;
let folder: string;
/** [N, …] */
let shape: readonly number[];

async function both(): Promise<{ w: Float32Array; b: Float32Array }> {
  const executor: Executor = mode.endsWith('onnx') ? 'onnx' : 'tfjs';
  const options = { executor, memory: MEMORY };
  const lin = await (compiled?.linearize(x, options) ?? linearize(model!, x, options));
  const matrix = await lin.weights.toTensor();
  const [w, b] = (await Promise.all([matrix.data(), lin.bias.data()])) as Float32Array[];
  matrix.dispose();
  lin.dispose();
  return { w, b };
}

const isFile = () => mode.startsWith('file');

/** Whether x is an image with its channels first, as ONNX files want it. */
const isImage = () => isFile() && shape.length === 4;

/** The rows of W for images with their channels last, as all others give them. */
async function channelsLast(w: Float32Array): Promise<Float32Array> {
  const [, height, width, channels] = shape;
  const rows = tf.tensor(w, [w.length / (height * width * channels), channels, height, width]);
  return (await rows.transpose([0, 2, 3, 1]).data()) as Float32Array;
}

const operations: Record<string, (request: Reply) => Promise<Reply>> = {
  async load({ folder: at, mode: how, shape: wanted }) {
    writeFileSync('/proc/self/clear_refs', '5');
    folder = at as string;
    mode = how as OurMode;
    if (isFile()) {
      model = await loadOnnx(path.join(folder, 'model.onnx'));
    } else if (existsSync(path.join(folder, 'transformer.json'))) {
      const { image, side, ...sizes } = vitTiny;
      compiled = await compile(visionTransformer(image, side, sizes), image);
    } else if (existsSync(path.join(folder, 'grouped.json'))) {
      compiled = await compile(groupedFunction(), grouped.image);
    } else {
      model = await tf.loadLayersModel(`file://${path.join(folder, 'model.json')}`);
    }
    const bytes = readFileSync(path.join(folder, 'x.bin'));
    const values = new Float32Array(new Uint8Array(bytes).buffer);
    shape = wanted as number[];
    const [instances, ...instance] = shape;
    x = tf.tensor(values, instances === 1 ? instance : [instances, ...instance]);
    if (isImage()) x = x.transpose([2, 0, 1]);
    return {};
  },
  async run({ times }) {
    const milliseconds: number[] = [];
    for (let i = 0; i < (times as number); i++) {
      const start = performance.now();
      await both();
      milliseconds.push(performance.now() - start);
    }
    return { milliseconds };
  },
  async save() {
    const { w, b } = await both();
    const name = path.join(folder, `piecewise-${mode}`);
    writeFileSync(`${name}.w.bin`, isImage() ? await channelsLast(w) : w);
    writeFileSync(`${name}.b.bin`, b);
    return {};
  },
  async thresholds() {
    const nearest = await nearestThresholds(sourceOf(model!), x, shape);
    writeFileSync(path.join(folder, 'thresholds.bin'), nearest);
    return {};
  },
  async peak() {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return { megabytes: Number(kilobytes) / 1024 };
  },
};

async function main(): Promise<void> {
  console.log(JSON.stringify({ ready: true }));
  for await (const line of readline.createInterface(process.stdin)) {
    const { op, ...request } = JSON.parse(line) as Reply & { op: string };
    const reply = await operations[op](request).catch((error: unknown) => ({ error: String(error) }));
    console.log(JSON.stringify(reply));
  }
}

void main();

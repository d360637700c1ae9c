import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { startRuntime } from '../../kernel-ext/src/index';
import { Client } from '../kernel/client';
import {
  interruptCell,
  type InterruptedCell,
  INTERRUPTED_CELLS,
  loadOf,
  nextOf,
  PREPARATION,
} from '../kernel/interrupted-cells';
import { nsfw } from '../networks/nsfw';

/**
 * Interrupts cells of a real kernel, and prints how long each takes to end, how long the next cell takes to answer, whether
 * the cell reported what the interrupt was waiting for, and the share of a processor that is still in use afterwards.
 *
 *   npm run bench:interrupts
 */

const begin = "console.log('started'); ";

/** What `LIBRARY` works with; downloads wait for a registry that never answers. */
const LIBRARY_PREPARATION = `
import { createServer } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const folder = mkdtempSync(join(tmpdir(), 'piecewise-interrupts-'));
const registry = createServer(() => {}).listen(0, '127.0.0.1');
await new Promise(done => registry.once('listening', done));
process.env.npm_config_registry = 'http://127.0.0.1:' + (registry.address() as any).port;
process.env.PIECEWISE_CACHE = folder;
const certificate = await (await linearize(deep, image)).certificate();
const crowd = tf.randomNormal([5000, 300], 0, 1, 'float32', 10);
const network = tf.sequential({ layers: [
  tf.layers.dense({ inputShape: [300], units: 500, activation: 'relu' }), tf.layers.dense({ units: 2 }),
] });
const embedding = await tsne(crowd, { model: network, epochs: 1, start: 'random' });
const [half, other] = [0, 2500].map(first => Array.from({ length: 2500 }, (_, i) => first + i));
const linearizer = await compile(deep, [64, 64, 3]);
`;

/** Long work of the library, again and again. */
const LIBRARY: readonly InterruptedCell[] = [
  {
    what: 'slice',
    code: `${begin}for (;;) await slice(deep, image, tf.zeros([64, 64, 3]), tf.ones([64, 64, 3]))`,
  },
  { what: 'verify', code: `${begin}for (;;) await verify(certificate, deep)` },
  { what: 'displacement', code: `${begin}for (;;) await embedding.displacement(half, other)` },
  { what: 'quality', code: `${begin}for (;;) await embedding.quality()` },
  { what: 'save', code: `${begin}for (;;) await linearizer.save(join(folder, 'w.onnx'))` },
  { what: 'a download', code: `${begin}await data.mnist('test')` },
].flatMap(cell => [300, 1500].map(after => ({ ...cell, after })));

/** Cells with a network of 224 × 224 × 3, whose steps are long. */
const PHOTOGRAPHS: readonly InterruptedCell[] = [
  { what: 'MobileNetV2: path', code: `${begin}await path(net, tf.zeros([224, 224, 3]), photo)` },
  { what: 'MobileNetV2: radius', code: `${begin}await lin.radius()` },
  { what: 'MobileNetV2: svd', code: `${begin}await lin.weights.svd(3)` },
  { what: 'MobileNetV2: plot', code: `${begin}await plot(lin)` },
  { what: 'MobileNetV2: plot, onnx', code: `${begin}await plot(onnx)` },
  {
    what: 'MobileNetV2: slice',
    code: `${begin}await slice(net, photo, tf.zeros([224, 224, 3]), tf.ones([224, 224, 3]))`,
  },
  { what: 'MobileNetV2: save', code: `${begin}for (;;) await photographs.save(join(folder, 'w.onnx'))` },
  { what: 'MobileNetV2: census', code: `${begin}await census(net, tf.stack([photo, photo, photo, photo]))` },
].flatMap(cell => [300, 1500, 4000].map(after => ({ ...cell, after })));

async function savedNetwork(): Promise<string> {
  const { tf } = await startRuntime();
  const folder = mkdtempSync(join(tmpdir(), 'piecewise-interrupts-'));
  await ((await nsfw('mobilenet_v2')) as tf.LayersModel).save(`file://${folder}`);
  assert.ok(tf.version);
  return join(folder, 'model.json');
}

async function table(client: Client, cells: readonly InterruptedCell[]): Promise<void> {
  for (const cell of cells) {
    const { ename, result, ended, answered, told } = await interruptCell(client, cell);
    assert.deepEqual([cell.what, result], [cell.what, nextOf(cell)[1]]);
    if (ename === 'undefined') continue; // It was done before the interrupt.
    assert.equal(ename, 'Interrupted', cell.what);
    const load = await loadOf(client);
    const row = [cell.what, `${cell.after ?? 300}`, ended.toFixed(0), answered.toFixed(0)];
    console.log(`| ${[...row, told ? 'yes' : '', load.toFixed(2)].join(' | ')} |`);
  }
}

async function main(): Promise<void> {
  const file = await savedNetwork();
  const alive = setInterval(() => {}, 1000);
  const client = await Client.start();
  console.log(
    '| cell | interrupted after [ms] | ended [ms] | next answer [ms] | reported | load afterwards |',
  );
  console.log('| --- | ---: | ---: | ---: | --- | ---: |');
  assert.equal((await client.run(PREPARATION)).reply.status, 'ok');
  await table(client, INTERRUPTED_CELLS);
  const prepared = await client.run(LIBRARY_PREPARATION);
  assert.equal(prepared.reply.status, 'ok', String(prepared.reply.traceback));
  await table(client, LIBRARY);
  const loaded = await client.run(`const net: tf.LayersModel = await tf.loadLayersModel('file://${file}');
const photo = tf.randomUniform([224, 224, 3], 0, 1, 'float32', 3);
const lin = await linearize(net, photo);
const onnx = await linearize(net, photo, { executor: 'onnx' });
const photographs = await compile(net, [224, 224, 3]);`);
  assert.equal(loaded.reply.status, 'ok', String(loaded.reply.traceback));
  await table(client, PHOTOGRAPHS);
  await client.stop();
  clearInterval(alive);
}

void main();

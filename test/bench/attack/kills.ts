/** kill -9 at random moments: what was there before, or what was being written, must be there whole, and the next run goes on. */
import '../../backend';
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { Adam } from '../../../kernel-ext/src/tsne/adam';
import { Checkpoint } from '../../../kernel-ext/src/tsne/checkpoint';
import { type Row, Tally } from './row';

const KILLS = 100;
const LIB = path.resolve(__dirname, '../../../kernel-ext/lib');
const SIZE = 2 ** 21;

/** Runs a program, kills it at a random moment after its first line, and returns what it printed. */
async function killed(program: string, within: number, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['-e', program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  await once(child.stdout, 'data');
  setTimeout(() => child.kill('SIGKILL'), Math.random() * within);
  await once(child, 'close');
  return text;
}

async function saving(folder: string): Promise<Row> {
  const tally = new Tally('kill -9 while a file of 2 MiB is saved');
  const file = path.join(folder, 'w.onnx');
  await writeFile(file, Buffer.alloc(SIZE, 'a'));
  const program = `const { replaceFile } = require(${JSON.stringify(`${LIB}/files/replace-file.js`)});
    (async () => { for (let i = 0; ; i++) {
      await replaceFile(process.argv[1], Buffer.alloc(${SIZE}, 'ab'[i % 2])); console.log(i); } })()`;
  for (let i = 0; i < KILLS; i++) {
    await killed(program, 40, file);
    const bytes = await readFile(file);
    const isWhole = bytes.length === SIZE && bytes.equals(Buffer.alloc(SIZE, bytes[0]));
    tally.count(isWhole ? null : `half a file: ${bytes.length} bytes`);
  }
  const left = (await readdir(folder)).length - 1;
  return tally.row(
    `the old or the new file each time; ${left} hidden unfinished files, which a save removes after an hour`,
  );
}

const WIDTH = 300;
const NETWORK = `tf.sequential({ layers: [tf.layers.dense({ units: ${WIDTH}, inputShape: [${WIDTH}] })] })`;

/** Each epoch sets all numbers of the network and of the optimizer to its own number. */
const TRAINING = `
  const tf = require('@tensorflow/tfjs');
  const { Checkpoint } = require(${JSON.stringify(`${LIB}/tsne/checkpoint.js`)});
  const { Adam } = require(${JSON.stringify(`${LIB}/tsne/adam.js`)});
  (async () => {
    const model = ${NETWORK};
    const checkpoint = new Checkpoint(process.argv[1], {});
    const adam = new Adam(1);
    let epoch = (await checkpoint.resume(model, adam))?.epoch ?? 0;
    for (;;) {
      epoch++;
      model.setWeights([tf.fill([${WIDTH}, ${WIDTH}], epoch), tf.fill([${WIDTH}], epoch)]);
      adam.restore({ steps: epoch, moments: [new Float32Array(1e5).fill(epoch)] });
      await checkpoint.save(model, adam, epoch, []);
      console.log(epoch);
    }
  })()`;

async function checkpoints(folder: string): Promise<Row> {
  const tally = new Tally('kill -9 while a checkpoint is written');
  const model = tf.sequential({ layers: [tf.layers.dense({ units: WIDTH, inputShape: [WIDTH] })] });
  let last = 0;
  for (let i = 0; i < KILLS; i++) {
    const printed = await killed(TRAINING, 60, folder);
    const saved = Number(printed.trim().split('\n').at(-1));
    const adam = new Adam(1);
    const resumed = await new Checkpoint(folder, {})
      .resume(model, adam)
      .catch((error: Error) => error.message);
    const epoch = typeof resumed === 'object' ? (resumed?.epoch ?? 0) : NaN;
    const numbers = [...(await Promise.all(model.getWeights().map(w => w.data()))), ...adam.save().moments];
    const isWhole =
      numbers.every(list => list.every((v: number) => v === epoch)) && adam.save().steps === epoch;
    const isNewest = epoch >= saved && epoch > last;
    last = epoch;
    tally.count(
      isWhole && isNewest ? null : `saved ${saved}, resumed ${JSON.stringify(resumed)}, whole: ${isWhole}`,
    );
  }
  model.dispose();
  return tally.row(`${last} checkpoints, each resumed from the newest complete one`);
}

/** A registry on this machine: `unpack` downloads the file in pieces, as the real programs do. */
const FETCH = `
  const { readPackageFiles } = require(${JSON.stringify(`${LIB}/data/package-files.js`)});
  const { createWriteStream } = require('node:fs');
  const { Readable } = require('node:stream');
  const { pipeline } = require('node:stream/promises');
  const [url, sha256] = process.argv.slice(1);
  const registry = { program: 'fetch', reason: String, async unpack(source, folder) {
    const answer = await fetch(url);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(folder + '/all.bin'));
    return folder;
  } };
  const files = [{ path: 'all.bin', cachedAs: 'data.bin', bytes: ${SIZE}, sha256 }];
  console.log('begins');
  readPackageFiles({ registry, name: 'set', version: '1', megabytes: 2, files }, ['all.bin'], () => {})
    .then(([bytes]) => console.log('got ' + bytes.length), e => console.log(e.message));`;

async function downloads(folder: string): Promise<Row> {
  const tally = new Tally('kill -9 while data is downloaded and unpacked');
  const content = Buffer.alloc(SIZE, 'data set ');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const server = createServer((_, answer) => void answer.end(content)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  process.env.PIECEWISE_CACHE = folder;
  const file = path.join(folder, 'set-1', 'data.bin');
  for (let i = 0; i < KILLS; i++) {
    const printed = await killed(FETCH, 120, url, sha256);
    const bytes = await readFile(file).catch(() => null);
    tally.count(bytes === null || bytes.equals(content) ? null : `a broken file in the cache: ${printed}`);
    if (bytes !== null) await rm(file);
  }
  const child = spawn(process.execPath, ['-e', FETCH, url, sha256], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  await once(child, 'close');
  tally.count(text.includes(`got ${SIZE}`) ? null : `the next run: ${text}`);
  server.close();
  delete process.env.PIECEWISE_CACHE;
  return tally.row('a whole file or none in the cache each time, and the next run fetches it');
}

export async function attackKills(): Promise<Row[]> {
  const folder = () => mkdtemp(path.join(tmpdir(), 'piecewise-attack-'));
  const rows: Row[] = [];
  for (const attack of [saving, checkpoints, downloads]) {
    const own = await folder();
    rows.push(await attack(own));
    await rm(own, { recursive: true, force: true });
  }
  return rows;
}

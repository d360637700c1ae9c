/** Files that anybody may have written: each must be refused with a typed error, before memory is taken for what it promises. */
import '../../backend';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import { data, linearize, loadEmbedding, verify } from '../../../kernel-ext/src';
import { PiecewiseError } from '../../../kernel-ext/src/public-errors';
import { parseIdx } from '../../../kernel-ext/src/data/idx';
import { verifyFile } from '../../../kernel-ext/src/linearization/verify';
import type { Certificate } from '../../../kernel-ext/src/regions/certificate';
import { type Row, Tally } from './row';

/** A refusal may raise the peak of the memory by this much; what is promised is thousands of times as much. */
const MOST_BYTES = 256 * 2 ** 20;
const MOST_MS = 20_000;

type Case = [name: string, read: () => Promise<unknown>];

/**
 * Each case must be refused with a PiecewiseError, in time, without memory, tensors or a changed prototype.
 * @param mayLeave tensors that may be left in all: those of a model that TensorFlow.js refuses when it is half built
 */
async function refusals(attack: string, cases: Case[], mayLeave = 0): Promise<Row> {
  const tally = new Tally(attack);
  const { numTensors } = tf.memory();
  for (const [name, read] of cases) tally.count(await refusal(name, read));
  const left = tf.memory().numTensors - numTensors;
  if (left > mayLeave) tally.count(`${left} tensors are left`);
  return tally.row(
    `refused with typed errors${left > 0 ? `; TensorFlow.js left ${left} tensors of half-built models` : ''}`,
  );
}

async function refusal(name: string, read: () => Promise<unknown>): Promise<string | null> {
  const [since, peak] = [Date.now(), process.resourceUsage().maxRSS];
  const error: unknown = await read().then(
    () => 'was accepted',
    (e: unknown) => e,
  );
  if (!(error instanceof PiecewiseError)) return `${name}: ${String(error)}`;
  const grown = (process.resourceUsage().maxRSS - peak) * 1024;
  if (grown > MOST_BYTES) return `${name}: took ${(grown / 2 ** 20).toFixed(0)} MiB`;
  if (Date.now() - since > MOST_MS) return `${name}: took ${Date.now() - since} ms`;
  if ('polluted' in {}) return `${name}: changed Object.prototype`;
  return null;
}

function npy(shape: string, { descr = '<f8', length }: { descr?: string; length?: number } = {}): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(118 - 1) + '\n';
  const head = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1');
  head.writeUInt16LE(length ?? text.length, 8);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(64)]);
}

function idx(sizes: number[], content = Buffer.alloc(16), type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, type, sizes.length]);
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, content]);
}

function png(width: number, height: number, content: Buffer): Buffer {
  const chunk = (name: string, bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, Buffer.from(name), bytes, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', content), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

async function arrays(folder: string): Promise<Row> {
  const file = async (name: string, content: Buffer | string) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const bomb = gzipSync(idx([28, 28], Buffer.alloc(2 ** 28)));
  const read = (name: string, content: Buffer | string, how: (path: string) => Promise<unknown>): Case => [
    name,
    async () => how(await file(name, content)),
  ];
  return refusals('headers of NPY, IDX and CSV that promise 10¹², bombs', [
    ...['(1000000000000,)', '(1000000, 1000000)', '(4294967296, 4294967296)', `(${'9'.repeat(400)},)`].map(
      shape => read(`npy ${shape.slice(0, 30)}`, npy(shape), data.npy),
    ),
    read('npy header of 65,535 bytes', npy('(2,)', { length: 65535 }), data.npy),
    read('npy of objects', npy('(2,)', { descr: '|O' }), data.npy),
    read('npy of a prototype', npy('(2,)', { descr: '__proto__' }), data.npy),
    read('npy cut off', npy('(2,)').subarray(0, 9), data.npy),
    read('npy of nothing', '', data.npy),
    read('idx of 10¹²', idx([1_000_000, 1_000_000]), data.idx),
    read('idx of 255 axes', idx(Array<number>(255).fill(2 ** 32 - 1)), data.idx),
    read('idx of 10¹², gzipped', gzipSync(idx([1_000_000, 1_000_000])), data.idx),
    read('idx of 10⁹ float64, gzipped', gzipSync(idx([1_000_000_000], undefined, 14)), data.idx),
    read('gzip bomb of 256 MiB', bomb, data.idx),
    read('gzip bomb without a header', gzipSync(Buffer.alloc(2 ** 28, 1)), data.idx),
    read('gzip cut off', bomb.subarray(0, 5000), data.idx),
    [
      'gzip of garbage',
      async () => parseIdx(Buffer.concat([Buffer.from([31, 139]), Buffer.alloc(99, 7)]), 'x'),
    ],
    read('csv of one endless line', `a,b\n${'1,'.repeat(1e6)}`, data.csv),
    read('csv with an open quote', `a,b\n"${'1\n'.repeat(1e6)}`, data.csv),
    read('csv of zeros', Buffer.alloc(1e6), data.csv),
    read('csv without its label', 'a,b\n1,2\n', name => data.csv(name, { label: '__proto__' })),
  ]);
}

async function images(folder: string): Promise<Row> {
  const flat = (side: number) => deflateSync(Buffer.alloc((4 * side + 1) * side), { level: 9 });
  const cases: [string, Buffer][] = [
    ['10⁶ × 10⁶', png(1_000_000, 1_000_000, deflateSync(Buffer.alloc(100)))],
    ['2³² − 1 squared', png(2 ** 32 - 1, 2 ** 32 - 1, deflateSync(Buffer.alloc(100)))],
    ['bomb of 16,000 × 16,000', png(16_000, 16_000, flat(16_000))],
    ['more data than pixels', png(2, 2, flat(4000))],
    ['fewer data than pixels', png(500, 500, flat(10))],
    ['0 × 0', png(0, 0, flat(1))],
    ['cut off', png(9, 9, flat(9)).subarray(0, 40)],
    ['not a PNG', Buffer.from('GIF89a'.repeat(20))],
  ];
  const listed = cases.map(([name, content], i): Case => {
    const own = path.join(folder, `images-${i}`);
    return [
      name,
      async () => {
        await mkdir(own);
        await writeFile(path.join(own, 'a.png'), content);
        return data.images(own);
      },
    ];
  });
  return refusals('PNG images that promise 10¹² pixels, bombs', listed);
}

const DENSE = (units: number, config: object = {}) => ({
  class_name: 'Sequential',
  config: {
    name: 'a',
    layers: [
      {
        class_name: 'Dense',
        config: { name: 'd', units, use_bias: false, batch_input_shape: [null, 2], ...config },
      },
    ],
  },
});

interface Wanted {
  topology?: unknown;
  shape?: unknown;
  dtype?: string;
  paths?: unknown[];
  bytes?: number;
}

async function models(folder: string): Promise<Row[]> {
  let count = 0;
  const model = async ({
    topology = DENSE(2),
    shape = [2, 2],
    dtype = 'float32',
    paths,
    bytes = 16,
  }: Wanted) => {
    const own = path.join(folder, `model-${count++}`);
    await mkdir(own);
    await symlink('/etc', path.join(own, 'etc'));
    const weightsManifest = [{ paths: paths ?? ['w.bin'], weights: [{ name: 'd/kernel', shape, dtype }] }];
    await writeFile(
      path.join(own, 'model.json'),
      JSON.stringify({ modelTopology: topology, weightsManifest }),
    );
    await writeFile(path.join(own, 'w.bin'), Buffer.alloc(bytes));
    return own;
  };
  const x = tf.zeros([3, 2]);
  const certificate = await certified();
  const both = (name: string, wanted: Wanted): Case[] => [
    [`loadEmbedding, ${name}`, async () => loadEmbedding(await model(wanted), x)],
    [
      `verify, ${name}`,
      async () => {
        const own = await model(wanted);
        await writeFile(
          path.join(own, 'c.json'),
          JSON.stringify({ ...certificate, model: { file: '.', sha256: '' } }),
        );
        return verifyFile(path.join(own, 'c.json'));
      },
    ],
  ];
  const lies = await refusals(
    'model.json whose sizes lie, truncated weights',
    [
      ...both('truncated', { bytes: 15 }),
      ...both('no weights', { bytes: 0 }),
      ...both('10⁹ rows', { shape: [1e9, 2] }),
      ...both('negative', { shape: [-2, -2] }),
      ...both('a fraction', { shape: [0.5, 8] }),
      ...both('no shape', { shape: null }),
      ...both('an unknown type', { dtype: '__proto__' }),
      ...both('10⁹ units', { topology: DENSE(1e9) }),
      ...both('10⁹ inputs', { topology: DENSE(2, { batch_input_shape: [null, 1e9] }) }),
      ...both('no topology', { topology: null }),
      ...both('a prototype', { topology: JSON.parse('{"__proto__": {"polluted": 1}}') }),
      ...both('an unknown layer', { topology: { class_name: 'Evil', config: {} } }),
    ],
    12,
  );
  const outside = await refusals('model.json whose weights leave its folder', [
    ...both('../../etc/passwd', { paths: ['../../../../../../etc/passwd'] }),
    ...both('an absolute path', { paths: ['/etc/passwd'] }),
    ...both('..', { paths: ['..'] }),
    ...both('a number', { paths: [7] }),
    ...both('a/../../b', { paths: ['a/../../model-0/w.bin'] }),
    ...both('an empty path', { paths: [''] }),
  ]);
  x.dispose();
  return [lies, outside];
}

const NETWORK = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, activation: 'relu', inputShape: [2] }),
      tf.layers.dense({ units: 2 }),
    ],
  });

async function certified(): Promise<Certificate> {
  const model = NETWORK();
  const lin = await linearize(model, [0.3, -0.7]);
  try {
    return await lin.certificate();
  } finally {
    lin.dispose();
    model.dispose();
  }
}

/** A lie about sizes or types is refused; a lie about numbers is found out. */
async function certificates(folder: string): Promise<Row[]> {
  const model = NETWORK();
  const lin = await linearize(model, [0.3, -0.7]);
  const right = JSON.parse(JSON.stringify(await lin.certificate())) as Certificate;
  lin.dispose();
  const wrong: [string, object][] = [
    ['shape of 10⁹', { input: { ...right.input, shape: [1e9] } }],
    ['negative shape', { input: { ...right.input, shape: [-1, -2] } }],
    ['no shape', { input: { ...right.input, shape: 'x' } }],
    ['7 bytes', { input: { ...right.input, base64: 'AAAAAAAAAA==' } }],
    ['no bytes', { input: { ...right.input, base64: 7 } }],
    ['output', { output: { length: 1e9 } }],
    ['bias', { bias: ['x'] }],
    ['weights', { weights: [null] }],
    ['norm', { radius: { ...right.radius, norm: '__proto__' } }],
    ['exact', { radius: { ...right.radius, exact: 'yes' } }],
    ['to', { to: {} }],
    ['another layer', { to: '__proto__' }],
    ['null', { input: null }],
  ];
  const cases = wrong.map(([name, lie]): Case => [name, () => verify({ ...right, ...lie }, model)]);
  const file = path.join(folder, 'certificate.json');
  cases.push(
    ['not JSON', async () => (await writeFile(file, '{'), verifyFile(file))],
    ['null in a file', async () => (await writeFile(file, 'null'), verifyFile(file))],
    ['deep JSON', async () => (await writeFile(file, '['.repeat(1e5) + ']'.repeat(1e5)), verifyFile(file))],
    [
      'a model that is a folder of nothing',
      async () => {
        await writeFile(file, JSON.stringify({ ...right, model: { file: 'nothing', sha256: '' } }));
        return verifyFile(file);
      },
    ],
  );
  const refused = await refusals('certificates of wrong sizes and types', cases);
  const found = new Tally('certificates that lie about numbers');
  const numbers: [string, object][] = [
    ['model', { model: { ...right.model, sha256: '0' } }],
    ['activation pattern', { region: { ...right.region, sha256: '0' } }],
    ['F(x)', { output: right.output.map(v => v + 1) }],
    ['b', { bias: right.bias.map(v => v + 1) }],
    ['W', { weights: right.weights.map(({ norm, product }) => ({ norm: norm + 1, product })) }],
    ['radius', { radius: { ...right.radius, distance: 2 * right.radius.distance! } }],
    ['input', { input: { ...right.input, sha256: '0' } }],
  ];
  for (const [claim, lie] of numbers) {
    const checks = await verify({ ...right, ...lie }, model);
    const caught = checks.filter(({ ok }) => !ok).map(check => check.claim);
    found.count(caught.join() === claim ? null : `${claim}: ${caught.join() || 'confirmed'}`);
  }
  model.dispose();
  return [refused, found.row('each found out by its own claim')];
}

export async function attackFiles(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'piecewise-attack-'));
  try {
    return [
      await arrays(folder),
      await images(folder),
      ...(await models(folder)),
      ...(await certificates(folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Models and certificates that lie about sizes or lead out of their folder. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearize, loadEmbedding, verify } from '../../../kernel-ext/src';
import { verifyFile } from '../../../kernel-ext/src/linearization/verify';
import type { Certificate } from '../../../kernel-ext/src/regions/certificate';
import { type Case, refusals } from './refusals';
import { type Row, Tally } from './row';

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

export async function hostileModels(folder: string): Promise<Row[]> {
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
export async function hostileCertificates(folder: string): Promise<Row[]> {
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

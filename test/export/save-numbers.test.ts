import '../backend';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Embedding, type Linearization, saveNumbers, toCsv, toNpy } from '../../kernel-ext/src';
import {
  ClassIndexError,
  ColumnLengthError,
  NumbersError,
  UnknownLabelError,
} from '../../kernel-ext/src/public-errors';
import { assertClose, taken } from '../linear-map/close';
import { discard, smallEmbedding } from '../tsne/small-embedding';
import { mnistLinearization, vectorLinearization } from '../bundles/mnist-linearization';

const ROOT = resolve(__dirname, '../..');
const PYTHON = process.env.PIECEWISE_PYTHON ?? join(ROOT, '.venv/bin/python');

interface Loaded {
  dtype: string;
  shape: number[];
  values: number[];
}

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-numbers-'))));
after(() => rm(folder, { recursive: true }));

/** What NumPy and Python's csv module read from files. */
function loaded<T>(...files: string[]): T {
  const args = [join(__dirname, 'read-numbers.py'), ...files];
  return JSON.parse(execFileSync(PYTHON, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })) as T;
}

const at = (name: string) => join(folder, name);

describe('saveNumbers(linearization, file)', () => {
  let lin: Linearization;
  before(async () => void (lin = await mnistLinearization()));
  after(() => lin.dispose());

  it('writes rows of W and their contributions as arrays that NumPy loads', async () => {
    const [w, wx] = [
      await saveNumbers(lin, at('w.npy'), { rows: [7, '3'] }),
      await saveNumbers(lin, at('wx.npy'), { of: 'contributions' }),
    ];
    const [weights, contributions] = loaded<Loaded[]>(w, wx);
    assert.deepEqual([weights.dtype, weights.shape], ['<f4', [2, 28, 28, 1]]);
    // The rows of the file were pulled back together, these one by one, which some processors sum in another order.
    const rows = [...(await taken(lin.row(7))), ...(await taken(lin.row(3)))];
    assertClose('rows', weights.values, rows);
    assert.deepEqual(contributions.shape, [1, 28, 28, 1]);
    assertClose('contributions', contributions.values, await taken(lin.contribution(7)));
  });

  it('writes x, F(x), b and b by layer', async () => {
    const names = ['input', 'output', 'bias', 'biasByLayer'] as const;
    for (const of of names) await saveNumbers(lin, at(`${of}.npy`), { of });
    const [x, output, bias, byLayer] = loaded<Loaded[]>(...names.map(of => at(`${of}.npy`)));
    assert.deepEqual([x.shape, output.shape, bias.shape], [[28, 28, 1], [10], [10]]);
    assert.deepEqual(x.values, Array.from(await lin.input.data()));
    assert.deepEqual(output.values, Array.from(await lin.output.data()));
    const layers = await lin.biasByLayer();
    assert.deepEqual(byLayer.shape, [layers.length, 10]);
    bias.values.forEach((b, c) => {
      const sum = layers.reduce((total, _, i) => total + byLayer.values[10 * i + c], 0);
      assert.ok(Math.abs(sum - b) < 1e-5, `${sum}, ${b}`);
    });
  });

  it('writes one table in which the columns w·x and b sum to F(x)', async () => {
    const [[head, ...lines]] = loaded<string[][][]>(await saveNumbers(lin, at('lin.csv'), { rows: [7, 9] }));
    assert.deepEqual(head, ['entry', 'x', 'w 7', 'w·x 7', 'w 9', 'w·x 9']);
    const logits = await lin.output.data();
    const row = await taken(lin.row(9));
    assert.equal(lines[300][0], 'x[10, 20, 0]');
    const weights = lines.slice(0, 784).map(line => Number(line[4]));
    assertClose('w 9', weights, row);
    for (const [c, column] of [
      [7, 3],
      [9, 5],
    ]) {
      const named = (name: string) => Number(lines.find(([entry]) => entry === name)![column]);
      const sum = (from: number, to?: number) =>
        lines.slice(from, to).reduce((total, line) => total + Number(line[column]), 0);
      assert.equal(named('F(x)'), logits[c]);
      assert.ok(Math.abs(sum(0, 784) + named('b') - logits[c]) < 1e-4);
      assert.ok(Math.abs(sum(784, -2) - named('b')) < 1e-5, 'the layers sum to b');
    }
  });

  it('writes one instance of a batch, and uses the given names', async () => {
    const batch = await mnistLinearization(3);
    try {
      const second = await batch.row(2);
      const row = await taken(second.slice([1], [1]));
      second.dispose();
      await saveNumbers(batch, at('second.npy'), { rows: [2], instance: 1 });
      assertClose('row', loaded<Loaded[]>(at('second.npy'))[0].values, row);
    } finally {
      batch.dispose();
    }
    const vector = await vectorLinearization(['low', 'mid, or so', 'high']);
    const features = Array.from({ length: 13 }, (_, i) => (i === 2 ? '=1+1' : `f${i}`));
    const [[head, ...lines]] = loaded<string[][][]>(
      await saveNumbers(vector, at('vector.csv'), { rows: 'all', features }),
    );
    assert.deepEqual(head.slice(2, 8), [
      'w low',
      'w·x low',
      'w mid, or so',
      'w·x mid, or so',
      'w high',
      'w·x high',
    ]);
    assert.deepEqual([lines[1][0], lines[2][0]], ['f1', "'=1+1"]);
    vector.dispose();
  });

  it('states what it cannot write', async () => {
    await assert.rejects(saveNumbers(lin, at('lin.xlsx')), NumbersError);
    await assert.rejects(saveNumbers(lin, at('nowhere/lin.csv')), /nowhere/);
    await assert.rejects(toCsv(lin, { rows: ['seven'] }), UnknownLabelError);
    await assert.rejects(toCsv(lin, { rows: [10] }), ClassIndexError);
    await assert.rejects(toNpy(lin, { of: 'gates' as 'bias' }), NumbersError);
    await assert.rejects(toNpy('text' as unknown as tf.Tensor), NumbersError);
  });
});

describe('saveNumbers(embedding, file)', () => {
  let embedding: Embedding;
  before(async () => {
    const labels = Array.from({ length: 120 }, (_, i) => (i === 5 ? null : `β${'abc'[i % 3]}`));
    embedding = await smallEmbedding({ labels, epochs: 1 });
  });
  after(() => discard(embedding));

  it('writes coordinates and labels as arrays that NumPy loads', async () => {
    await saveNumbers(embedding, at('map.npy'));
    await saveNumbers(embedding, at('labels.npy'), { of: 'labels' });
    const [coordinates, labels] = loaded<[Loaded, { dtype: string; values: string[] }]>(
      at('map.npy'),
      at('labels.npy'),
    );
    assert.deepEqual(coordinates.shape, [120, 2]);
    assert.deepEqual(coordinates.values, Array.from(await embedding.coordinates.data()));
    assert.deepEqual([labels.dtype, ...labels.values.slice(3, 6)], ['<U2', 'βa', 'βb', '']);
  });

  it('writes one line per point with class, name and columns', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `cloud "${i}"`);
    const columns = { size: Float32Array.from(names, (_, i) => i / 2) };
    const [[head, ...lines]] = loaded<string[][][]>(
      await saveNumbers(embedding, at('map.csv'), { names, columns }),
    );
    assert.deepEqual(head, ['point', 'axis 1', 'axis 2', 'class', 'name', 'size']);
    const coordinates = await embedding.coordinates.data();
    assert.equal(lines.length, 120);
    assert.deepEqual(
      lines[7].map((cell, i) => (i === 3 || i === 4 ? cell : Number(cell))),
      [7, coordinates[14], coordinates[15], 'βb', 'cloud "7"', 3.5],
    );
    await assert.rejects(toCsv(embedding, { names: ['one'] }), ColumnLengthError);
  });
});

describe('saveNumbers(tensor, file)', () => {
  it('writes arrays of any rank for NumPy, and vectors and matrices as tables', async () => {
    const [deep, single, matrix] = [
      tf.range(0, 24).reshape([2, 3, 4]),
      tf.scalar(2.5),
      tf.tensor2d([1, -2, 0.5, 1e-9], [2, 2]),
    ];
    await saveNumbers(deep, at('deep.npy'));
    await saveNumbers(single, at('single.npy'));
    await saveNumbers(matrix, at('matrix.csv'));
    const [array, number, table] = loaded<[Loaded, Loaded, string[][]]>(
      at('deep.npy'),
      at('single.npy'),
      at('matrix.csv'),
    );
    assert.deepEqual([array.shape, array.values], [[2, 3, 4], [...Array(24).keys()]]);
    assert.deepEqual([number.shape, number.values], [[], [2.5]]);
    assert.deepEqual(table[0], ['0', '1']);
    assert.deepEqual(table[1].map(Number), [1, -2]);
    assert.equal(Math.fround(Number(table[2][1])), Math.fround(1e-9));
    await assert.rejects(toCsv(deep), NumbersError);
    tf.dispose([deep, single, matrix]);
  });
});

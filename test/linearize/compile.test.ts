import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { CompiledShapeError, FileWriteError } from '../../kernel-ext/src/errors';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import { type Arrays, inPython, type Numbers } from './python-onnxruntime';

/** The difference of two float32 programs for the same numbers, relative to the largest; measured up to 4e-7. */
const TOLERANCE = 5e-6;

/** The same file in two independent runtimes. */
const runtimes: [string, (file: string, inputs: Arrays) => Promise<Arrays>][] = [
  ["Python's onnxruntime", async (file, inputs) => inPython(file, inputs)],
  [
    'onnxruntime-web',
    async (file, inputs) => {
      const session = await InferenceSession.create(readFileSync(file), { executionProviders: ['wasm'] });
      const feeds = Object.entries(inputs).map(([name, { dims, data }]) => [
        name,
        new Tensor('float32', Float32Array.from(data), dims),
      ]);
      const results = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
      );
    },
  ],
];

const arrayOf = (t: tf.Tensor): Numbers => ({ dims: t.shape, data: Array.from(t.dataSync()) });

function assertSame(what: string, actual: Numbers, expected: tf.Tensor): void {
  assert.deepEqual([...actual.dims], expected.shape, what);
  const values = expected.dataSync<'float32'>() as Float32Array;
  const scale = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const error = values.reduce((m, v, i) => Math.max(m, Math.abs(v - actual.data[i])), 0);
  assert.ok(error <= TOLERANCE * scale, `${what}: off by ${error} at a scale of ${scale}`);
}

describe('linearizer.save', () => {
  useBackend('tensorflow');
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'piecewise-save-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [runtime, run] of runtimes) {
    it(`writes F(x), b and chosen rows of W for ${runtime}`, async () => {
      const { model, digits } = await mnistCnn();
      const x = digits.instance(3);
      const linearizer = await compile(model, [28, 28, 1]);
      const file = path.join(folder, 'w.onnx');
      await linearizer.save(file, { rows: 3 });
      const lin = await linearize(model, x);
      // Rows 7 and 0, and the contrast of 9 and 4.
      const u = tf.oneHot(tf.tensor1d([7, 0, 9], 'int32'), 10).toFloat();
      const weightings = u.sub(
        tf.concat([tf.zeros([2, 10]), tf.oneHot(tf.tensor1d([4], 'int32'), 10).toFloat()]),
      );
      const { y, w, b } = await run(file, {
        x: arrayOf(x.expandDims()),
        u: arrayOf(weightings.expandDims(1)),
      });
      assertSame('F(x)', y, lin.output.expandDims());
      assertSame('b', b, lin.bias.expandDims());
      const contrast = await lin.contrast(9, 4);
      const rows = tf.concat([await lin.weights.rows([7, 0]), contrast.expandDims()]);
      assertSame('rows of W', w, rows.expandDims(1));
      lin.dispose();
    });
  }

  it('reports what it cannot write, in a typed error', async () => {
    const { model } = await mnistCnn();
    const linearizer = await compile(model, [28, 28, 1]);
    symlinkSync('/dev/full', path.join(folder, 'full.onnx'));
    for (const [name, code] of [
      [path.join('missing', 'w.onnx'), 'ENOENT'],
      ['full.onnx', 'ENOSPC'],
    ])
      await assert.rejects(
        linearizer.save(path.join(folder, name)),
        (e: unknown) => e instanceof FileWriteError && e.code === code,
      );
  });

  it('writes a batch, and a network without biases', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 5, inputShape: [4], useBias: false, activation: 'relu' }),
        tf.layers.dense({ units: 3, useBias: false }),
      ],
    });
    const x = tf.randomNormal([2, 4], 0, 1, 'float32', 1);
    const file = path.join(folder, 'batch.onnx');
    await (await compile(model, [2, 4])).save(file);
    const u = tf.eye(3).expandDims(1).tile([1, 2, 1]);
    const { y, w, b } = await runtimes[1][1](file, { x: arrayOf(x), u: arrayOf(u) });
    const lin = await linearize(model, x);
    assertSame('F(x)', y, lin.output);
    assertSame('b', b, tf.zeros([2, 3]));
    assertSame('W', w, tf.transpose(await lin.weights.toTensor(), [1, 0, 2]));
    lin.dispose();
  });
});

describe('compile(model, inputShape)', () => {
  useBackend('tensorflow');

  const model = () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ name: 'hidden', units: 6, inputShape: [4], activation: 'relu' }),
        tf.layers.dense({ name: 'classes', units: 3, activation: 'softmax' }),
      ],
    });

  it('gives one linearizer for single inputs and for batches of any size', async () => {
    const net = model();
    const linearizer = await compile(net, [4]);
    const batch = tf.randomNormal([3, 4], 0, 1, 'float32', 1);
    const [one, many] = [await linearizer.linearize(tf.unstack(batch)[1]), await linearizer.linearize(batch)];
    assert.deepEqual([one.output.shape, many.output.shape], [[3], [3, 3]]);
    const difference = (await one.row(2)).sub(tf.unstack(await many.row(2))[1]);
    assert.ok((tf.max(tf.abs(difference)).arraySync() as number) <= 1e-6);
    one.dispose();
    many.dispose();
  });

  it('describes what it compiled', async () => {
    const linearizer = await compile(model(), [4]);
    const { inputShape, outputs, from, to, cut } = linearizer;
    assert.deepEqual(
      { inputShape, outputs, from, to, cut },
      {
        inputShape: [4],
        outputs: 3,
        from: 'input',
        to: 'logits',
        cut: 'softmax',
      },
    );
    const lines = linearizer.summary().split('\n');
    assert.equal(lines[0], 'input → logits: W is 3 × 4');
    assert.ok(
      lines.some(line => /^hidden +contract \[4, 6\] +\[1, 6\]$/.test(line)),
      lines.join('\n'),
    );
    assert.match(lines.at(-1)!, /^\d+ steps, 1 arrays fixed at x$/);
  });

  it('compiles again after training', async () => {
    const net = model();
    const linearizer = await compile(net, [4]);
    net.setWeights(net.getWeights().map(w => w.add(0.5)));
    const lin = await linearizer.linearize([1, 2, 3, 4]);
    const expected = net.apply(tf.tensor2d([[1, 2, 3, 4]])) as tf.Tensor;
    const difference = tf.softmax(lin.output).sub(expected.flatten());
    assert.ok((tf.max(tf.abs(difference)).arraySync() as number) <= 1e-6);
    lin.dispose();
  });

  it('keeps the compiled function, and refuses an input of another shape', async () => {
    let runs = 0;
    const linearizer = await compile(x => (runs++, tf.relu(x)), [2, 2]);
    const before = tf.memory().numTensors;
    for (const x of [
      [
        [1, -1],
        [2, -2],
      ],
      [
        [-1, 1],
        [0, 3],
      ],
    ])
      (await linearizer.linearize(x)).dispose();
    assert.equal(runs, 1);
    await assert.rejects(linearizer.linearize([1, 2]), CompiledShapeError);
    assert.equal(tf.memory().numTensors, before);
  });
});

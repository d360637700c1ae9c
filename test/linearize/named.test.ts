import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import * as errors from '../../kernel-ext/src/errors';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { graphModel, placeholder } from '../graphs/graph-model';
import { assertClose } from '../linear-map/close';
import { numbers } from '../rules/case';

/** Measured up to 5e-7. */
const TOLERANCE = 5e-6;

/** A network that takes an image and some numbers about it, and gives a class and a score. */
function twoByTwo(): tf.LayersModel {
  const image = tf.input({ shape: [4, 5, 2], name: 'image' });
  const facts = tf.input({ shape: [3], name: 'facts' });
  const conv = tf.layers.conv2d({
    filters: 3,
    kernelSize: 2,
    activation: 'relu',
    biasInitializer: 'randomNormal',
  });
  const seen = tf.layers.flatten().apply(conv.apply(image)) as tf.SymbolicTensor;
  const both = tf.layers.concatenate().apply([seen, facts]) as tf.SymbolicTensor;
  const hidden = tf.layers
    .dense({ units: 6, activation: 'relu', name: 'hidden' })
    .apply(both) as tf.SymbolicTensor;
  const kind = tf.layers.dense({ units: 4, activation: 'softmax', name: 'kind' }).apply(hidden);
  const score = tf.layers.dense({ units: 1, name: 'score', biasInitializer: 'ones' }).apply(hidden);
  return tf.model({ inputs: [image, facts], outputs: [kind, score] as tf.SymbolicTensor[] });
}

const x = () => ({ image: numbers(tf, [4, 5, 2]), facts: [0.5, -1, 2] });

describe('linearize(model, {name: x})', () => {
  useBackend('tensorflow');

  it('gives one map of all inputs side by side, to the output named by `to`', async () => {
    const model = twoByTwo();
    for (const executor of ['tfjs', 'onnx'] as const) {
      const lin = await linearize(model, x(), { to: 'kind', executor });
      assert.deepEqual(lin.weights.shape, [4, 43]);
      assert.deepEqual([lin.cut, lin.exact], ['softmax', true]);
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);

      const row = lin.byInput(await lin.row(2));
      assert.deepEqual(row.image.shape, [4, 5, 2]);
      assert.deepEqual(row.facts.shape, [3]);
      const facts = tf.tensor2d([[0.5, -1, 2]]);
      const logit = (image: tf.Tensor, about: tf.Tensor) => {
        const [kind] = model.apply([image.expandDims(), about]) as tf.Tensor[];
        return tf
          .log(kind)
          .slice([0, 2], [1, 1])
          .sub(tf.log(kind).slice([0, 1], [1, 1]))
          .sum();
      };
      const [slope, about] = tf.grads(logit)([x().image, facts]);
      const contrast = lin.byInput(await lin.contrast(2, 1));
      for (const [actual, expected] of [
        [contrast.image, slope],
        [contrast.facts, about],
      ]) {
        assert.ok((actual.sub(expected.reshape(actual.shape)).abs().max().arraySync() as number) < 1e-4);
      }
      lin.dispose();
    }
  });

  it('takes a batch of each, and gives each instance its own map', async () => {
    const model = twoByTwo();
    const [image, facts] = [numbers(tf, [3, 4, 5, 2]), numbers(tf, [3, 3], 2)];
    const lin = await linearize(model, { image, facts }, { to: 'score' });
    assert.deepEqual(lin.output.shape, [3, 1]);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const rows = lin.byInput(await lin.row(0));
    assert.deepEqual(rows.image.shape, [3, 4, 5, 2]);
    const alone = await linearize(
      model,
      { image: tf.unstack(image)[1], facts: tf.unstack(facts)[1] },
      { to: 'score' },
    );
    const own = alone.byInput(await alone.row(0));
    assert.ok((own.image.sub(tf.unstack(rows.image)[1]).abs().max().arraySync() as number) < 1e-6);
  });

  it('takes a function of named inputs with named outputs', async () => {
    const f = ({ a, b }: Readonly<Record<string, tf.Tensor>>) => ({
      sum: a.add(b.mul(2)),
      largest: tf.max(a),
    });
    const lin = await linearize(f, { a: [1, 2, 3], b: [0, -1, 1] }, { to: 'sum' });
    assert.deepEqual(await lin.output.array(), [1, 0, 5]);
    const row = lin.byInput(await lin.row(0));
    assert.deepEqual(
      [await row.a.array(), await row.b.array()],
      [
        [1, 0, 0],
        [2, 0, 0],
      ],
    );
  });

  it('takes a graph model with two inputs and two outputs', async () => {
    const model = await graphModel([
      placeholder(-1, 3),
      { ...placeholder(-1, 3), name: 'other' },
      { name: 'sum', op: 'AddV2', input: ['x', 'other'] },
      { name: 'relu', op: 'Relu', input: ['sum'] },
      { name: 'negative', op: 'Neg', input: ['sum'] },
    ]);
    const lin = await linearize(model, { x: [1, -2, 3], other: [1, 1, 1] }, { to: 'relu' });
    assert.equal(lin.output.sub([2, 0, 4]).abs().max().arraySync(), 0);
    assert.deepEqual([lin.to, lin.weights.shape], ['relu', [3, 6]]);
    assert.deepEqual(await lin.residual({ every: true }), { absolute: 0, relative: 0, ulps: 0 });
    model.dispose();
  });

  it('gives the same map for a single input with or without its name', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    model.build();
    const [name] = model.inputNames;
    const lin = await linearize(model, { [name]: [1, 2, 3] });
    assert.deepEqual(
      await lin.weights.toTensor().then(t => t.array()),
      await model.getWeights()[0].transpose().array(),
    );
  });

  it('is compiled for shapes by name, and then takes inputs by name or side by side', async () => {
    const model = twoByTwo();
    const compiled = await compile(model, { image: [4, 5, 2], facts: [3] }, { to: 'score' });
    assert.deepEqual([compiled.inputShape, compiled.outputs], [[43], 1]);
    const [direct, lin] = [await linearize(model, x(), { to: 'score' }), await compiled.linearize(x())];
    const flat = await compiled.linearize(direct.input);
    for (const one of [lin, flat]) {
      assertClose('F(x)', await one.output.data(), await direct.output.data());
      assert.ok((await one.residual({ every: true })).relative <= TOLERANCE);
      assert.deepEqual(Object.keys(one.byInput(await one.row(0))), ['image', 'facts']);
    }
    const batch = await compiled.linearize({ image: numbers(tf, [2, 4, 5, 2]), facts: numbers(tf, [2, 3]) });
    assert.deepEqual(batch.output.shape, [2, 1]);
    const f = ({ a, b }: Readonly<Record<string, tf.Tensor>>) => a.sub(b);
    const compiledFunction = await compile(f, { a: [2], b: [2] });
    const difference = await compiledFunction.linearize({ b: [1, 1], a: [3, 5] });
    assert.deepEqual(await difference.output.array(), [2, 4]);
  });

  it('throws the same errors for bad input when compiled, and leaves no tensor behind', async () => {
    const model = twoByTwo();
    const compiled = await compile(model, { image: [4, 5, 2], facts: [3] }, { to: 'score' });
    const inputs = x();
    const before = tf.memory().numTensors;
    await assert.rejects(compile(model, { image: [4, 5, 2] }), errors.InputNamesError);
    await assert.rejects(compile(model, { image: [4, 5, 2], facts: [2] }), errors.ShapeError);
    await assert.rejects(compile(model, { image: [4, 5, 2], facts: [3] }), errors.OutputNameError);
    await assert.rejects(compiled.linearize({ ...inputs, more: [1] }), errors.InputNamesError);
    await assert.rejects(compiled.linearize({ ...inputs, facts: [1] }), errors.ShapeError);
    const single = await compile((v: tf.Tensor) => v.mul(2), [3]);
    await assert.rejects(single.linearize({ v: [1, 2, 3] }), errors.ModelError);
    assert.equal(tf.memory().numTensors, before);
  });

  it('stops at its signal and leaves no tensor behind, by both executors', async () => {
    const model = twoByTwo();
    const batch = { image: numbers(tf, [6, 4, 5, 2]), facts: numbers(tf, [6, 3]) };
    for (const executor of ['tfjs', 'onnx'] as const) {
      const before = tf.memory().numTensors;
      const stop = new AbortController();
      const seen: number[] = [];
      const onProgress = (fraction: number) => {
        seen.push(fraction);
        stop.abort();
      };
      const options = { to: 'kind', executor, memory: 1, signal: stop.signal, onProgress };
      await assert.rejects(linearize(model, batch, options), errors.AbortError);
      assert.equal(tf.memory().numTensors, before);
      assert.ok(seen.length === 1 && seen[0] > 0 && seen[0] < 1, `progress ${seen.join()}`);

      const lin = await linearize(model, batch, { to: 'kind', executor, memory: 1 });
      const held = tf.memory().numTensors;
      const again = new AbortController();
      const work = { signal: again.signal, onProgress: () => again.abort() };
      await assert.rejects(lin.weights.rows([0, 1, 2], work), errors.AbortError);
      assert.equal(tf.memory().numTensors, held);
      lin.dispose();
    }
  });

  const faults: [string, () => Promise<unknown>, abstract new (...args: never[]) => Error, RegExp][] = [
    [
      'no output chosen',
      () => linearize(twoByTwo(), x()),
      errors.OutputNameError,
      /kind, score.*\{to: 'kind'\}/,
    ],
    ['a missing input', () => linearize(twoByTwo(), { image: x().image }), errors.InputNamesError, /facts/],
    ['an unknown input', () => linearize(twoByTwo(), { ...x(), more: [1] }), errors.InputNamesError, /more/],
    ['no input', () => linearize(twoByTwo(), {}), errors.InputNamesError, /none/],
    [
      'one tensor for two inputs',
      () => linearize(twoByTwo(), x().image),
      errors.ModelError,
      /image: …, facts: …/,
    ],
    ['a wrong shape', () => linearize(twoByTwo(), { ...x(), facts: [1] }), errors.ShapeError, /\[1\].*\[3\]/],
    [
      'batches of several sizes',
      () => linearize(twoByTwo(), { ...x(), facts: [[1, 2, 3]] }),
      errors.ShapeError,
      /\[1, 3\]/,
    ],
    [
      'integers',
      () => linearize(twoByTwo(), { ...x(), facts: tf.ones([3], 'int32') }),
      errors.DtypeError,
      /int32/,
    ],
  ];
  for (const [what, call, errorClass, message] of faults) {
    it(`rejects ${what} with ${errorClass.name}`, async () => {
      await assert.rejects(call(), error => {
        assert.ok(error instanceof errorClass, `${error}`);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('leaves no tensor behind', async () => {
    const model = twoByTwo();
    const inputs = x();
    (await linearize(model, inputs, { to: 'kind' })).dispose();
    const before = tf.memory().numTensors;
    const lin = await linearize(model, inputs, { to: 'kind' });
    tf.dispose(lin.byInput(await lin.contribution(0)) as never);
    await assert.rejects(linearize(model, { ...inputs, facts: [NaN, 0, 0] }, { to: 'kind' }));
    lin.dispose();
    // The remaining one is the contribution, which byInput does not take ownership of.
    assert.equal(tf.memory().numTensors, before + 1);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { DisconnectedError, LayerNameError, OutputNameError } from '../../kernel-ext/src/errors';
import type { Model } from '../../kernel-ext/src/capture/source';
import { linearize, type LinearizeOptions } from '../../kernel-ext/src/linearization/linearize';
import { verify } from '../../kernel-ext/src/linearization/verify';
import { useBackend } from '../backend';
import { graphModel, placeholder } from '../graphs/graph-model';
import { assertClose, taken } from '../linear-map/close';

/** Measured up to 7e-7, and 1e-5 where the state of an LSTM lies near 0; the map of another end has a residual near 1. */
const TOLERANCE = 1e-4;

/** Checks F(x), and that the residual is rounding by both ways to measure it; gives W, row by row, and the name of the end. */
async function mapOf(
  model: Model,
  x: tf.TensorLike,
  f: (x: tf.Tensor) => tf.Tensor,
  options: LinearizeOptions = {},
): Promise<{ to: string; rows: number[] }> {
  const lin = await linearize(model, x, options);
  assertClose('F(x)', await lin.output.data(), await taken(f(tf.tensor(x))));
  for (const every of [false, true]) {
    const { relative } = await lin.residual({ every });
    assert.ok(relative <= TOLERANCE, `the residual is ${relative}`);
  }
  const rows = [...(await taken(lin.weights.toTensor()))];
  lin.dispose();
  return { to: lin.to, rows };
}

/** An LSTM whose last states are outputs: h (twice) and c, which come from different kernels of one layer. */
function states(which: number[]): tf.LayersModel {
  const x = tf.input({ shape: [3, 2] });
  const layer = tf.layers.lstm({ units: 2, returnState: true, name: 'lstm' });
  const all = layer.apply(x) as tf.SymbolicTensor[];
  return tf.model({ inputs: x, outputs: which.map(i => all[i]) });
}

describe('a map ends at the output that was asked for', () => {
  useBackend('tensorflow');
  const x = [1, 2, 3, 4];

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`although its kernel has several outputs, by ${executor}`, async () => {
      const half = (i: number) => (z: tf.Tensor) => tf.split(z.mul(2), 2)[i];
      for (const i of [0, 1]) {
        const { rows } = await mapOf(half(i), x, half(i), { executor });
        assert.deepEqual(
          rows,
          [0, 1].flatMap(r => x.map((_, k) => (k === 2 * i + r ? 2 : 0))),
        );
      }
      const third = (z: tf.Tensor) => tf.unstack(z)[2];
      assert.deepEqual((await mapOf(third, x, third, { executor })).rows, [0, 0, 1, 0]);
      const view = (z: tf.Tensor) => tf.split(z.mul(3), [1, 3])[1].reshape([3, 1]);
      assert.deepEqual((await mapOf(view, x, view, { executor })).rows, [0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3]);
      const self = (z: tf.Tensor) => z;
      assert.deepEqual((await mapOf(self, x, self, { executor })).to, 'input');
    });
  }

  it('by the name that a function gave to it, even if it is x itself or was named twice', async () => {
    const f = (z: tf.Tensor) => {
      const [a, b] = tf.split(z.mul(2), 2);
      return { a, b, again: b, x: z, one: tf.ones([1]) };
    };
    for (const to of ['a', 'b', 'again', 'x'] as const)
      assert.equal((await mapOf(f, x, z => f(z)[to], { to })).to, to);
    const before = tf.memory().numTensors;
    await assert.rejects(linearize(f, x), OutputNameError);
    await assert.rejects(linearize(f, x, { to: 'one' }), error => {
      assert.ok(error instanceof DisconnectedError);
      assert.equal(error.output, 'one');
      return true;
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('in a model whose layer has several outputs, and one that lists an output twice', async () => {
    const q = [[1, 2], [3, 4], [5, -6]]; // prettier-ignore
    for (const [which, to, name] of [
      [[2], undefined, 'lstm:2'],
      [[0], undefined, 'lstm'],
      [[1, 2], 'lstm', 'lstm'],
      [[1, 2], 'lstm:1', 'lstm:1'],
      [[2, 2], undefined, 'lstm:2'],
    ] as const) {
      const model = states([...which]);
      const outputs = (z: tf.Tensor) => [model.apply(z.expandDims()) as tf.Tensor | tf.Tensor[]].flat();
      const f = (z: tf.Tensor) => outputs(z)[to === 'lstm:1' ? 1 : 0].squeeze([0]);
      assert.equal((await mapOf(model, q, f, { to })).to, name);
    }
    await assert.rejects(linearize(states([0, 2]), q), error => {
      assert.ok(error instanceof OutputNameError);
      assert.deepEqual(error.outputs, ['lstm', 'lstm:1']);
      return true;
    });
    await assert.rejects(linearize(states([2]), q, { to: 'lstm' }), error => {
      assert.ok(error instanceof LayerNameError);
      assert.deepEqual(error.nearest, ['lstm:2']);
      return true;
    });
  });

  it("at a node's further output in a graph model", async () => {
    const model = await graphModel(
      [
        placeholder(-1, 4),
        { name: 'halves', op: 'Split', input: ['axis', 'x'], attr: { num_split: { i: '2' } } },
        { name: 'y', op: 'Mul', input: ['halves:1', 'two'], attr: { T: { type: 'DT_FLOAT' } } },
      ],
      { axis: tf.scalar(1, 'int32'), two: tf.scalar(2) },
    );
    const second = (z: tf.Tensor) => tf.split(z, 2)[1];
    assert.deepEqual((await mapOf(model, x, z => second(z).mul(2))).rows, [0, 0, 2, 0, 0, 0, 0, 2]);
    assert.deepEqual((await mapOf(model, x, second, { to: 'halves:1' })).rows, [0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('at layers that return what they got, and at models within the model', async () => {
    const inner = tf.sequential({
      name: 'inner',
      layers: [
        tf.layers.dense({ units: 3, inputShape: [4], activation: 'relu', name: 'hidden' }),
        tf.layers.dropout({ rate: 0.5, name: 'dropout' }),
      ],
    });
    const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 2, name: 'last' })] });
    const of = (name: string) => (z: tf.Tensor) =>
      (inner.getLayer(name).apply(z.expandDims()) as tf.Tensor).squeeze([0]);
    const expected = await mapOf(model, x, of('hidden'), { to: 'hidden' });
    for (const to of ['dropout', 'inner'])
      assert.deepEqual((await mapOf(model, x, of('hidden'), { to })).rows, expected.rows);
    const kernel = model.getLayer('last').getWeights()[0];
    for (const from of ['hidden', 'dropout', 'inner']) {
      const lin = await linearize(model, x, { from });
      assertClose('W', await taken(lin.weights.toTensor()), await taken(kernel.transpose()));
      assert.ok((await lin.residual()).relative <= TOLERANCE);
      lin.dispose();
    }
  });

  it('so that a certificate of it can be verified', async () => {
    const half = (z: tf.Tensor) => tf.split(z.mul(2).relu(), 2)[1];
    const model = tf.model(
      (() => {
        const input = tf.input({ shape: [4] });
        const score = tf.layers.dense({ units: 2, name: 'score' }).apply(input);
        const kind = tf.layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(score);
        return { inputs: input, outputs: [score, kind] as tf.SymbolicTensor[] };
      })(),
    );
    for (const [m, to] of [
      [half, undefined],
      [model, 'score'],
      [model, 'kind'],
    ] as const) {
      const lin = await linearize(m as Model, x, { to });
      const checks = await verify(await lin.certificate(), m as Model);
      lin.dispose();
      assert.deepEqual(
        checks.filter(check => !check.ok).map(check => check.claim),
        [],
      );
    }
  });
});

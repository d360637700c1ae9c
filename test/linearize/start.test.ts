import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import * as errors from '../../kernel-ext/src/errors';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { graphModel, placeholder, shapeOf } from '../graphs/graph-model';
import { assertClose, taken } from '../linear-map/close';

/** Measured up to 2e-7. */
const TOLERANCE = 5e-6;

/** A layer whose kernel has no rule. */
class Remainder extends tf.layers.Layer {
  static className = 'RemainderBeforeStart';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mod([inputs].flat()[0], 2);
  }
}

/** Token ids, an embedding, and two dense layers; the first of them is what all maps here start at or before. */
const reader = (embedding: object = {}) =>
  tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 4, name: 'emb', ...embedding }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, name: 'last', biasInitializer: 'ones' }),
    ],
  });

const tokens = [1, 8, 0, 3];

for (const executor of ['tfjs', 'onnx'] as const)
  describe(`a map that starts at a layer spares what lies before it, by ${executor}`, () => {
    useBackend('tensorflow');

    /** Checks W against the kernel of a dense layer, F(x) against the model, and the residual; gives b by layer. */
    async function startsRight(
      model: tf.LayersModel,
      x: tf.TensorLike | tf.Tensor,
      from: string,
      kernel: tf.Tensor,
    ) {
      const lin = await linearize(model, x as tf.Tensor, { from, executor });
      const [outputs, inputs] = lin.weights.shape;
      const expected = kernel.reshape([inputs, outputs]).transpose();
      for (const part of tf.unstack((await lin.weights.toTensor()).reshape([-1, outputs, inputs])))
        assertClose('W', await part.data(), await expected.data());
      const y = model.predict(lin.batch === null ? tf.tensor(x as number[]).expandDims() : (x as tf.Tensor));
      assertClose('F(x)', await lin.output.data(), await (y as tf.Tensor).data());
      for (const every of [false, true]) {
        const { relative } = await lin.residual({ every });
        assert.ok(relative <= TOLERANCE, `the residual is ${relative}`);
      }
      assert.equal(lin.exact, true);
      const layers = (await lin.biasByLayer()).map(({ layer }) => layer);
      lin.dispose();
      return layers;
    }

    it('an embedding of token ids, as float32 or int32, one or a batch, with or without a mask', async () => {
      for (const embedding of [{}, { maskZero: true }]) {
        const model = reader(embedding);
        const [kernel] = model.getLayer('last').getWeights();
        assert.deepEqual(await startsRight(model, tokens, 'emb', kernel), ['last']);
        const batch = tf.tensor2d([tokens, [2, 2, 7, 5]], undefined, 'int32');
        await startsRight(model, batch, 'emb', kernel);
      }
    });

    it('an embedding after which paths go around the start', async () => {
      const ids = tf.input({ shape: [2], dtype: 'int32' });
      const emb = tf.layers.embedding({ inputDim: 9, outputDim: 3 }).apply(ids) as tf.SymbolicTensor;
      const flat = tf.layers.flatten().apply(emb) as tf.SymbolicTensor;
      const hidden = tf.layers.dense({ units: 6, name: 'hidden' }).apply(flat) as tf.SymbolicTensor;
      const sum = tf.layers.add({ name: 'sum' }).apply([hidden, flat]) as tf.SymbolicTensor;
      const last = tf.layers.dense({ units: 2, name: 'last' });
      const model = tf.model({ inputs: ids, outputs: last.apply(sum) as tf.SymbolicTensor });
      const layers = await startsRight(model, [4, 8], 'hidden', last.getWeights()[0]);
      assert.deepEqual(layers, ['sum', 'last']);
    });

    it('kernels without a rule, and numbers there that are not finite', async () => {
      const last = tf.layers.dense({ units: 2, name: 'last' });
      const model = tf.sequential({
        layers: [new Remainder({ inputShape: [3], name: 'remainder' }), tf.layers.reLU(), last],
      });
      await startsRight(model, [1, 2.5, 7], 'remainder', last.getWeights()[0].mul([[1], [1], [1]]));
      const before = tf.memory().numTensors;
      await assert.rejects(linearize(model, [1, 2, NaN], { from: 'remainder', executor }), error => {
        assert.ok(error instanceof errors.NonFiniteInputError);
        assert.match(error.message, /the activation of 'remainder' is NaN at \[0, 2\]/);
        return true;
      });
      await assert.rejects(linearize(model, [1, 2, 3], { executor }), errors.UnsupportedKernelError);
      await assert.rejects(
        linearize(model, [1, 2, 3], { from: 'remainder', to: 'remainder', executor }),
        errors.LayerOrderError,
      );
      assert.equal(tf.memory().numTensors, before);
    });

    it('an int32 placeholder of a graph model, and a kernel without a rule there', async () => {
      const ids = { ...placeholder(-1, 2), attr: { dtype: { type: 'DT_INT32' }, shape: shapeOf(-1, 2) } };
      const table = tf.randomNormal([5, 3], 0, 1, 'float32', 1);
      const kernel = tf.randomNormal([3, 2], 0, 1, 'float32', 2);
      const model = await graphModel(
        [
          ids,
          { name: 'emb', op: 'GatherV2', input: ['table', 'x', 'axis'], attr: {} },
          { name: 'mean', op: 'Mean', input: ['emb', 'one'], attr: { keep_dims: { b: false } } },
          { name: 'y', op: 'MatMul', input: ['mean', 'kernel'], attr: {} },
        ],
        { table, axis: tf.scalar(0, 'int32'), one: tf.scalar(1, 'int32'), kernel },
      );
      for (const x of [[4, 1], tf.tensor1d([4, 1], 'int32')]) {
        const lin = await linearize(model, x, { from: 'mean', executor });
        assertClose('W', await taken(lin.weights.toTensor()), await taken(kernel.transpose()));
        assertClose('a', await lin.input.data(), await taken(table.gather([4, 1]).mean(0)));
        assert.ok((await lin.residual()).relative <= TOLERANCE);
        lin.dispose();
      }
      await assert.rejects(linearize(model, [4, 1], { executor }), errors.UnsupportedKernelError);
    });

    it('token ids among inputs by name', async () => {
      const ids = tf.input({ shape: [2], dtype: 'int32', name: 'ids' });
      const facts = tf.input({ shape: [3], name: 'facts' });
      const emb = tf.layers.embedding({ inputDim: 9, outputDim: 2, name: 'emb' }).apply(ids);
      const flat = tf.layers.flatten().apply(emb) as tf.SymbolicTensor;
      const both = tf.layers.concatenate({ name: 'both' }).apply([flat, facts]) as tf.SymbolicTensor;
      const last = tf.layers.dense({ units: 2, name: 'last' });
      const model = tf.model({ inputs: [ids, facts], outputs: last.apply(both) as tf.SymbolicTensor });
      const x = { ids: tf.tensor1d([8, 3], 'int32'), facts: [1, -2, 3] };
      const [kernel] = last.getWeights();
      const whole = await linearize(model, x, { from: 'both', executor });
      assertClose('W', await taken(whole.weights.toTensor()), await taken(kernel.transpose()));
      const part = await linearize(model, x, { from: 'emb', executor });
      assertClose('W', await taken(part.weights.toTensor()), await taken(kernel.slice([0], [4]).transpose()));
      assert.ok((await part.residual()).relative <= TOLERANCE);
      whole.dispose();
      part.dispose();
    });
  });

describe('a map that starts after what has no rule', () => {
  useBackend('tensorflow');

  it('can be compiled, but a file of it could not start at x', async () => {
    const linearizer = await compile(reader(), [4], { from: 'emb' });
    const lin = await linearizer.linearize(tf.tensor1d(tokens, 'int32'));
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    await assert.rejects(linearizer.save('never-written.onnx'), errors.ModelError);
  });

  it('gives scalar placeholders such as keep_prob to the model', async () => {
    const model = await graphModel([
      placeholder(-1, 2),
      { name: 'keep', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: shapeOf() } },
      { name: 'y', op: 'Mul', input: ['x', 'keep'], attr: {} },
    ]);
    const lin = await linearize(model, { x: [3, 4], keep: 0.5 });
    assertClose('F(x)', await lin.output.data(), [1.5, 2]);
    assertClose('W', await taken(lin.weights.toTensor()), [0.5, 0, 3, 0, 0.5, 4]);
    assert.equal(lin.exact, false);
    assert.ok((await lin.residual()).relative <= TOLERANCE);
    lin.dispose();
    const before = tf.memory().numTensors;
    const batch = { x: [[1, 2], [3, 4]], keep: [0.5, 0.5] }; // prettier-ignore
    await assert.rejects(linearize(model, batch), errors.ModelError);
    assert.equal(tf.memory().numTensors, before);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { ClassIndexError, LayerNameError, LayerOrderError } from '../../kernel-ext/src/errors';
import { layerNames } from '../../kernel-ext/src/capture/source';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';

const x = () => tf.randomNormal([8, 8, 2], 0, 1, 'float32', 5);

for (const executor of ['tfjs', 'onnx'] as const) {
  describe(`linearize(model, x, {from, to}) by ${executor}`, () => {
    useBackend('tensorflow');

    it('gives the matrix between two activations, with the first one as its input', async () => {
      const model = residualNet();
      const lin = await linearize(model, x(), { from: 'first', to: 'inner', executor });
      assert.deepEqual([lin.from, lin.to, lin.cut], ['first', 'inner', null]);
      assert.deepEqual(
        [lin.input.shape, lin.weights.shape],
        [
          [8, 8, 4],
          [256, 256],
        ],
      );
      const until = (name: string) =>
        tf.model({ inputs: model.inputs, outputs: model.getLayer(name).output as tf.SymbolicTensor });
      const first = (until('first').apply(x().expandDims()) as tf.Tensor).squeeze([0]);
      assertClose('a', await lin.input.data(), await first.data());
      const inner = model.getLayer('inner');
      const gradient = tf.grad((a: tf.Tensor) => tf.sum(inner.apply(a.expandDims()) as tf.Tensor));
      assertClose(
        '1ᵀ·W',
        await taken(lin.weights.applyTranspose(tf.ones([256]))),
        await gradient(first).data(),
      );
      assert.ok((await lin.residual({ every: true })).relative <= 1e-5);
      const layers = (await lin.biasByLayer()).map(part => part.layer);
      assert.deepEqual(layers, ['inner']);
      lin.dispose();
    });

    it('fixes paths around the start at their values, as part of b under the name of the layer that they come from', async () => {
      const lin = await linearize(residualNet(), x(), { from: 'block', executor });
      assert.equal(lin.to, 'logits');
      assert.ok((await lin.residual({ every: true })).relative <= 1e-5);
      const parts = await lin.biasByLayer();
      assert.deepEqual(
        parts.map(part => part.layer),
        ['first', 'inner', 'classes'],
      );
      const total = parts[0].bias.map((v, c) => v + parts[1].bias[c] + parts[2].bias[c]);
      assertClose('b', total, await lin.bias.data());
      lin.dispose();
    });

    it('gives such a matrix for each instance of a batch', async () => {
      const model = residualNet();
      const batch = tf.stack([x(), tf.ones([8, 8, 2])]);
      const lin = await linearize(model, batch, { from: 'inner', executor });
      assert.deepEqual(lin.input.shape, [2, 8, 8, 4]);
      assert.ok((await lin.residual({ every: true })).relative <= 1e-5);
      const alone = await linearize(model, tf.ones([8, 8, 2]), { from: 'inner', executor });
      const rows = await lin.weights.rows([3]);
      assertClose('row 3', await taken(tf.unstack(rows)[1]), await taken(alone.weights.rows([3])));
      lin.dispose();
      alone.dispose();
    });

    it('splits an output by the channels of a layer, at one instance of a batch', async () => {
      const model = residualNet();
      const batch = tf.stack([x(), tf.ones([8, 8, 2])]);
      const whole = await linearize(model, batch, { labels: [...'abcde'], executor });
      const instance = whole.instance(1);
      const before = tf.memory().numTensors;
      assert.deepEqual(instance.channelLayers.slice(0, 2), ['first', 'inner']);
      const channels = await instance.channels({ layer: 'inner', index: 1, most: 2 });
      assert.equal(tf.memory().numTensors, before);
      const inner = await linearize(model, batch, { from: 'inner', executor });
      const sums = await taken(inner.contributionByChannel(1));
      assert.deepEqual(channels.shape, inner.input.shape.slice(1));
      assertClose('sums', channels.sums, sums.slice(sums.length / 2));
      const [bias, output] = [await inner.instance(1).bias(), await whole.instance(1).output()];
      assert.ok(Math.abs(channels.bias - bias[1]) < 1e-5);
      assert.ok(Math.abs(channels.linear + channels.bias - output[1]) < 1e-4);
      inner.dispose();
      const held = tf.memory().numTensors;
      await assert.rejects(instance.channels({ layer: 'frist', index: 1, most: 2 }), LayerNameError);
      await assert.rejects(instance.channels({ layer: 'inner', index: 9, most: 2 }), ClassIndexError);
      assert.equal(tf.memory().numTensors, held);
      whole.dispose();
    });

    it('splits an output by channels within a function, too', async () => {
      const model = residualNet();
      const f = (t: tf.Tensor) => (model.apply(t.expandDims()) as tf.Tensor).squeeze([0]);
      const whole = await linearize(f, x(), { executor });
      const instance = whole.instance(0);
      const { linear, bias } = await instance.channels({
        layer: instance.channelLayers[1],
        index: 0,
        most: 1,
      });
      assert.ok(Math.abs(linear + bias - (await instance.output())[0]) < 1e-4);
      whole.dispose();
    });
  });
}

describe('names of layers', () => {
  useBackend('tensorflow');

  for (const [options, nearest] of [
    [{ from: 'frist' }, ['first']],
    [{ to: 'blok' }, ['block']],
    [{ to: 'Inner1' }, ['inner']],
    [{ to: 'xyzxyzxyz' }, []],
  ] as const) {
    it(`suggests the nearest existing names for ${JSON.stringify(options)}`, async () => {
      const before = tf.memory().numTensors;
      const model = residualNet();
      const made = tf.memory().numTensors - before;
      await assert.rejects(linearize(model, x(), options), error => {
        assert.ok(error instanceof LayerNameError);
        assert.deepEqual(error.nearest, nearest);
        return true;
      });
      assert.ok(made > 0);
    });
  }

  it('are known without a run, and a map can end at each of them', async () => {
    const names = ['first', 'inner', 'block', 'sum', 'both', 'pool', 'classes'];
    assert.deepEqual(layerNames(residualNet()), names);
    for (const to of names) assert.ok((await compile(residualNet(), [8, 8, 2], { to })).outputs > 0);
  });

  it('refuses a start at or after the end', async () => {
    for (const options of [
      { from: 'inner', to: 'first' },
      { from: 'sum', to: 'sum' },
    ])
      await assert.rejects(linearize(residualNet(), x(), options), LayerOrderError);
  });

  it("takes 'input' and 'logits' for the default ends", async () => {
    const lin = await linearize(residualNet(), x(), { from: 'input', to: 'logits' });
    assert.deepEqual([lin.from, lin.to, lin.cut], ['input', 'logits', 'softmax']);
    lin.dispose();
  });
});

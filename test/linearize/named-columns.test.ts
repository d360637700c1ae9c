import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { LabeledData, type Table } from '../../kernel-ext/src/data/labeled-data';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';

const columns = ['age', 'body mass index', 'blood pressure'];

const table = (names = columns): Table =>
  new LabeledData({
    values: Float32Array.of(50, 24.1, 110, 33, 30.2, 95, 71, 27.8, 130),
    shape: [3],
    labels: Uint8Array.of(0, 1, 0),
    names: ['well', 'ill'],
    columns: names,
  });

const model = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        inputShape: [3],
        units: 4,
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      }),
      tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
    ],
  });

describe('the columns of a table', () => {
  useBackend('tensorflow');

  it('name the numbers of x by themselves, for an instance, a batch and standardized rows', async () => {
    const rows = table();
    for (const x of [rows.instance(1), rows.batch(0, 2), rows.standardized()]) {
      const lin = await linearize(model(), x);
      assert.deepEqual(lin.features, columns);
      const text = (await linearizationBundle(lin))['text/plain'] as string;
      columns.forEach(name => assert.ok(text.includes(name), text));
      lin.dispose();
      x.dispose();
    }
  });

  it('give way to names of the caller, and do not reach an inner layer or another tensor', async () => {
    const x = table().instance(0);
    const net = model();
    const lin = await linearize(net, x);
    const own = (await linearizationBundle(lin, { features: ['a', 'b', 'c'] }))['text/plain'] as string;
    assert.ok(!own.includes('blood pressure'));
    const inner = await linearize(net, x, { from: net.layers[0].name });
    assert.equal(inner.features, null);
    const copy = await linearize(net, x.add(0));
    assert.equal(copy.features, null);
    const unnamed = await linearize(net, table([]).instance(0));
    assert.equal(unnamed.features, null);
    [lin, inner, copy, unnamed].forEach(map => map.dispose());
  });
});

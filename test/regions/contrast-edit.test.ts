import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { ClassIndexError, NameCountError, NoTieError } from '../../kernel-ext/src/errors';
import { contrastEdit } from '../../kernel-ext/src/paths/contrast-edit';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from '../networks/logits';
import { referenceInput, referenceNetwork } from './reference-network';

/** The difference of two outputs that are equal in exact arithmetic, as a share of the gap that was closed; measured up to 3e-6. */
const EQUAL = 1e-4;

describe('contrastEdit(model, x, i, j)', () => {
  useBackend('tensorflow');

  it('is the smallest edit that makes two outputs equal, with proof, in a case that can be computed by hand', async () => {
    // y₀ − y₁ = relu(x₀) + relu(x₁) − 3: from (2, 2) the tie lies at (1.5, 1.5), within the region x₀, x₁ > 0.
    const network = (x: tf.Tensor) =>
      tf.tidy(() => tf.stack([x.relu().sum(), tf.scalar(3).add(x.sum().mul(0))]));
    const x = tf.tensor1d([2, 2]);
    const before = tf.memory().numTensors;
    const { point, distance, smallest, gap, crossed } = await contrastEdit(network, x, 0, 1);
    assert.ok([...point.dataSync()].every(v => Math.abs(v - 1.5) < 1e-6));
    assert.ok(Math.abs(distance - Math.SQRT1_2) < 1e-6);
    assert.deepEqual([smallest, gap, crossed], ['everywhere', 1, []]);
    point.dispose();
    assert.equal(tf.memory().numTensors, before);
    const far = await contrastEdit(network, [5, 0.5], 0, 1);
    assert.deepEqual([far.smallest, far.crossed.length], [null, 1]);
    assert.ok(Math.abs(far.point.dataSync()[0] - 3) < 1e-5, 'beyond the border x₁ = 0 the walk continues');
  });

  it('makes outputs equal in a network with all kinds of gates', async () => {
    const model = referenceNetwork();
    for (const [i, j] of [
      [2, 3],
      [0, 1],
      [3, 0],
    ]) {
      const { point, gap, crossed, smallest } = await contrastEdit(model, referenceInput(0), i, j);
      const y = (model.predict(point.expandDims()) as tf.Tensor).dataSync();
      assert.ok(Math.abs(y[i] - y[j]) < EQUAL * Math.abs(gap), `${y[i]} and ${y[j]}`);
      assert.equal(smallest === null, crossed.length > 0);
    }
  });

  it('walks from a 7 to an input at which 7 and 9 tie', async () => {
    const { model, digits } = await mnistCnn();
    const { point, gap, distance, crossed } = await contrastEdit(model, digits.instance(0), 7, 9);
    const y = logitsOf(model)(point.expandDims()).dataSync();
    assert.ok(Math.abs(y[7] - y[9]) < EQUAL * gap, `${y[7]} and ${y[9]}`);
    assert.ok(distance < 3 && crossed.length > 0);
  });

  it('reports that there is no tie, and refuses outputs that do not exist', async () => {
    const apart = (x: tf.Tensor) => tf.tidy(() => tf.stack([x.relu().sum(), x.relu().sum().add(1)]));
    const before = tf.memory().numTensors;
    await assert.rejects(contrastEdit(apart, [1, 2], 0, 1), NoTieError);
    await assert.rejects(contrastEdit(apart, [1, 2], 0, 2), ClassIndexError);
    await assert.rejects(contrastEdit(apart, [1, 2], 0, 1, { labels: ['one'] }), NameCountError);
    assert.equal(tf.memory().numTensors, before);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { atlas } from '../../kernel-ext/src/atlas/atlas';
import {
  CensusDataError,
  ClusterCountError,
  MemoryBudgetError,
  NameCountError,
  RankError,
} from '../../kernel-ext/src/errors';
import { atlasBundle } from '../../kernel-ext/src/bundles/atlas/atlas-bundle';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import reference from '../fixtures/atlas-reference.json';
import { assertClose } from '../linear-map/close';

/** The network of fixtures/atlas-reference.py. */
function network(): tf.LayersModel {
  const [w1, b1, w2, b2, w3] = reference.weights.map(weight => tf.tensor(weight));
  const dense = (units: number) => ({ units, activation: 'relu' as const });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ ...dense(12), inputShape: [6] }),
      tf.layers.dense(dense(8)),
      tf.layers.dense({ units: 3, useBias: false }),
    ],
  });
  model.setWeights([w1, b1, w2, b2, w3]);
  return model;
}

/** Whether two lists of labels describe the same groups, whatever their numbers. */
function sameGroups(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const pairs = new Set(Array.from(a, (label, i) => `${label},${b[i]}`));
  return pairs.size === new Set(Array.from(a)).size && pairs.size === new Set(Array.from(b)).size;
}

describe('atlas(model, data)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`finds the singular vectors of stacked W by class as ${reference.reference} (${executor})`, async () => {
      const model = network();
      const before = tf.memory().numTensors;
      const { groups } = await atlas(model, reference.x, { labels: reference.labels, k: 3, executor });
      assert.equal(tf.memory().numTensors, before);
      assert.deepEqual(
        groups.map(({ name }) => name),
        ['a', 'b', 'c'],
      );
      groups.forEach(({ values, shares, directions, members }, g) => {
        const right = reference.groups[g];
        assert.deepEqual(
          members.map(i => reference.labels[i]),
          Array(10).fill('abc'[g]),
        );
        assertClose('σ', values, right.values);
        assertClose('shares', shares, right.shares);
        right.right.forEach((vector, i) => {
          const largest = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most));
          const upright = vector.map(v => v * Math.sign(largest));
          assertClose('direction', directions.subarray(6 * i, 6 * i + 6), upright, 2e-5);
        });
      });
    });
  }

  it('clusters instances by W as scikit-learn does from the same distances', async () => {
    const found = await atlas(network(), reference.x, { labels: reference.labels });
    for (const { distance, count, labels } of reference.clusters) {
      const kind = distance as 'cosine' | 'frobenius';
      assertClose(kind, await found.distances(kind), reference.distances[kind], 1e-5);
      const clusters = await found.clusters(count, { distance: kind });
      assert.equal(clusters.count, count);
      assert.ok(sameGroups(clusters.of, labels), `${count} by ${distance}: ${clusters.of}`);
    }
    const classes = await found.clusters(3);
    assert.ok(classes.purity!.every(share => share > 0 && share <= 1));
  });

  it('gives the same directions for one instance as its svd', async () => {
    const model = network();
    const x = tf.tensor(reference.x[0]);
    const { groups } = await atlas(model, [reference.x[0]], { k: 2 });
    const lin = await linearize(model, x);
    const { values, right } = await lin.weights.svd(2);
    assertClose('σ', groups[0].values, await values.data());
    const direction = await right.data();
    assertClose('|v|', groups[0].directions.map(Math.abs), direction.map(Math.abs), 1e-4);
    assert.equal(groups[0].name, 'all');
    lin.dispose();
  });

  it('is drawn as one row of images per class', async () => {
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [4, 4, 1] }), tf.layers.dense({ units: 3 })],
    });
    const x = tf.randomNormal([6, 4, 4, 1]);
    const found = await atlas(model, x, { labels: ['<cat>', 'dog', 'dog', '<cat>', 'dog', null], k: 2 });
    const svg = atlasBundle(found)['image/svg+xml'] as string;
    assert.equal([...svg.matchAll(/<image /g)].length, 4);
    assert.ok(svg.includes('&lt;cat&gt;: σ') && svg.includes('dog: σ') && !svg.includes('<cat>'));
    assert.deepEqual(found.groups[1].members, [1, 2, 4]);
  });

  it('refuses data that it cannot read, too many directions or clusters, and a W that exceeds its budget', async () => {
    const model = network();
    const before = tf.memory().numTensors;
    await assert.rejects(atlas(model, [1, 2]), CensusDataError);
    await assert.rejects(atlas(model, reference.x, { labels: ['a'] }), NameCountError);
    await assert.rejects(atlas(model, reference.x, { k: 7 }), RankError);
    await assert.rejects(atlas(model, reference.x, { memory: 100 }), MemoryBudgetError);
    assert.equal(tf.memory().numTensors, before);
    const found = await atlas(model, reference.x);
    for (const count of [0, 31, 1.5]) await assert.rejects(found.clusters(count), ClusterCountError);
  });
});

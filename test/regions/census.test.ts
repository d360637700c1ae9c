import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { census } from '../../kernel-ext/src/census/census';
import { censusBundle } from '../../kernel-ext/src/bundles/census/census-bundle';
import {
  CensusDataError,
  InstanceIndexError,
  LayerNameError,
  NameCountError,
  NoRegionError,
  PatternsNotKeptError,
} from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/cocircles-reference.json';

function tensor({ shape, float32 }: { shape: number[]; float32: string }): tf.Tensor {
  const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
  return tf.tensor(new Float32Array(bytes.buffer), shape);
}

/** The network that scikit-learn trained, before its sigmoid. */
function coCircles(): tf.LayersModel {
  const widths = reference.weights.map(([, bias]) => bias.shape[0]);
  const model = tf.sequential();
  widths.forEach((units, i) => {
    const activation = i < widths.length - 1 ? 'relu' : 'linear';
    model.add(tf.layers.dense({ units, activation, ...(i === 0 ? { inputShape: [2] } : {}) }));
  });
  model.setWeights(reference.weights.flat().map(tensor));
  return model;
}

/** Area under the ROC curve: how often an instance of class 1 scores higher than one of class 0. */
function areaUnderCurve(scores: Float32Array, y: number[]): number {
  const ordered = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
  let [zeros, pairs] = [0, 0];
  for (const i of ordered) {
    if (y[i] === 0) zeros++;
    else pairs += zeros;
  }
  return pairs / zeros / (y.length - zeros);
}

/** Published to four digits. Rounding that swaps two scores changes it by 2.5e-5 at most. */
const AREA_TOLERANCE = 1e-4;

describe('census(model, data)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`gives the published regions of CoCircles, arXiv 2011.04041 (${executor})`, async () => {
      const model = coCircles();
      const { train, test } = reference;
      const x = tensor(train.x);
      const before = tf.memory().numTensors;
      const { total, instances, units, layers } = await census(model, x, { labels: train.y, executor });
      assert.equal(tf.memory().numTensors, before);
      assert.deepEqual([instances, units], [1600, 160]);
      assert.equal(total.count, 530);
      assert.deepEqual(
        total.largest.slice(0, 5).map(group => total.sizes[group]),
        [62, 60, 52, 31, 29],
      );
      assert.equal((total.oneClass! / total.count).toFixed(3), '0.232');
      for (const [set, published] of [
        [train, 0.9215],
        [test, 0.932],
      ] as const) {
        const scores = (model.predict(tensor(set.x)) as tf.Tensor).dataSync() as Float32Array;
        const area = areaUnderCurve(scores, set.y);
        assert.ok(Math.abs(area - published) < AREA_TOLERANCE, `${area} instead of ${published}`);
      }
      const facts = ({ count, largest, sizes, single, oneClass }: typeof total) => ({
        regions: count,
        sizes: largest.slice(0, 5).map(group => sizes[group]),
        single,
        oneClass: oneClass!,
      });
      assert.deepEqual(facts(total), reference.total);
      assert.deepEqual(
        layers.map(({ own }) => facts(own)),
        reference.layers,
      );
      assert.deepEqual(
        layers.map(({ upTo }) => facts(upTo)),
        reference.upTo,
      );
    });
  }

  it('counts regions of a convolutional network as lin.region() distinguishes them', async () => {
    const { model, digits } = await mnistCnn();
    const twice = tf.concat([digits.batch(0, 5), digits.batch(0, 3)]);
    const { total, layers } = await census(model, twice);
    assert.deepEqual([...total.of], [0, 1, 2, 3, 4, 0, 1, 2]);
    assert.deepEqual(total.members(1), [1, 6]);
    assert.equal(total.purity, null);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ['conv1', 'pool1', 'relu2', 'dense'],
    );
    const lin = await linearize(model, twice);
    const hashes = await Promise.all(
      [0, 1, 5].map(async instance => (await lin.instance(instance).region()).hash),
    );
    assert.ok(hashes[0] === hashes[2] && hashes[0] !== hashes[1]);
    lin.dispose();
  });

  it('finds Hamming neighbors with distances by layer, and the instances that share a pattern up to a layer', async () => {
    const model = coCircles();
    const x = tensor(reference.test.x);
    const found = await census(model, x, { labels: reference.test.y });
    const lin = await linearize(model, x);
    const patterns = await Promise.all(
      Array.from({ length: 40 }, async (_, instance) => (await lin.instance(instance).region()).gates),
    );
    const unlike = (a: number, b: number) =>
      patterns[a].map(({ states }, g) => states.filter((s, i) => s !== patterns[b][g].states[i]).length);
    const all = found.neighbors(3, found.instances);
    assert.equal(all.length, found.instances - 1);
    assert.ok(all.every(({ distance }, i) => i === 0 || distance >= all[i - 1].distance));
    for (const { index, distance, byLayer } of all.filter(({ index }) => index < 40)) {
      assert.deepEqual(byLayer, unlike(3, index));
      assert.equal(
        distance,
        byLayer.reduce((a, b) => a + b),
      );
    }
    const [first, second] = found.layers;
    const together = found.sharing(3, first.layer);
    const same = [...patterns.keys()].filter(i => unlike(3, i)[0] === 0);
    assert.deepEqual(
      together.filter(i => i < 40),
      same,
    );
    assert.ok(found.sharing(3, second.layer).length <= together.length && together.includes(3));
    const columns = found.columns(3);
    assert.equal(columns['units unlike 3'][all[0].index], all[0].distance);
    assert.equal(columns[`sharing up to ${first.layer}`][3], together.length);
    assert.match(censusBundle(found)['text/plain'] as string, /^400 instances in \d+ linear regions/);
    assert.ok((censusBundle(found)['text/html'] as string).includes(first.layer));
    assert.throws(() => found.neighbors(400), InstanceIndexError);
    assert.throws(() => found.sharing(0, 'nowhere'), LayerNameError);
    const counted = await census(model, x, { memory: 1000 });
    assert.throws(() => counted.neighbors(0), PatternsNotKeptError);
    lin.dispose();
  });

  it('reads a data set batch by batch, with its labels', async () => {
    const { model, digits } = await mnistCnn();
    const asked: number[] = [];
    const some = {
      length: 600,
      labels: digits.labels.slice(0, 600),
      batch: (from: number, count: number) => {
        asked.push(count);
        return digits.batch(from, count);
      },
    };
    const { total } = await census(model, some);
    assert.ok(Math.max(...asked) <= 256);
    assert.equal(total.count, 600);
    assert.equal(total.oneClass, 0);
  });

  it('refuses networks without regions, and data that it cannot read', async () => {
    const { model } = await mnistCnn();
    await assert.rejects(census(model, tf.zeros([3])), CensusDataError);
    await assert.rejects(census(model, tf.zeros([3, 28, 28, 1]), { labels: [1] }), NameCountError);
    const smooth = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], activation: 'tanh' })],
    });
    await assert.rejects(census(smooth, tf.zeros([3, 2])), NoRegionError);
  });
});

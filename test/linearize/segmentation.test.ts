import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { UnknownLabelError } from '../../kernel-ext/src/display/errors';
import { NameCountError, TargetError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import type { Target } from '../../kernel-ext/src/linearization/target';
import { LINEARIZATION_MIME, readDecomposition } from '../../kernel-ext/src/payload';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';

const CLASSES = ['sky', 'road', 'tree'];

/** 6 × 7 positions of three classes. */
function segmentation(activation: 'linear' | 'softmax' = 'linear'): tf.LayersModel {
  const conv = (filters: number, seed: number, fn: 'relu' | 'linear' | 'softmax') =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: fn,
      kernelInitializer: tf.initializers.heNormal({ seed }),
      biasInitializer: tf.initializers.randomNormal({ seed: seed + 9 }),
      ...(filters === 4 && { inputShape: [6, 7, 2] }),
    });
  return tf.sequential({ layers: [conv(4, 1, 'relu'), conv(3, 2, activation)] });
}

const images = (count: number) => tf.randomNormal([count, 6, 7, 2], 0, 1, 'float32', 3) as tf.Tensor4D;
const mask = () => tf.cast(tf.greater(tf.randomNormal([6, 7], 0, 1, 'float32', 4), 0), 'float32');

describe('a linearization of a segmentation', () => {
  useBackend('tensorflow');

  it('names its outputs by position and class, also where a softmax is cut off', async () => {
    for (const activation of ['linear', 'softmax'] as const) {
      const x = tf.unstack(images(1))[0];
      const lin = await linearize(segmentation(activation), x);
      assert.equal(lin.cut, activation === 'softmax' ? 'softmax' : null);
      const names = ['(0, 0) · class 0', '(0, 0) · class 2', '(0, 1) · class 0', '(5, 6) · class 2'];
      assert.deepEqual(
        [0, 2, 3, 125].map(c => lin.labels[c]),
        names,
      );
      lin.dispose();
      const named = await linearize(segmentation(activation), images(2), { labels: CLASSES });
      assert.equal(named.labels[3 * (2 * 7 + 4) + 1], '(2, 4) · road');
      named.dispose();
    }
    await assert.rejects(linearize(segmentation(), images(1), { labels: ['sky', 'road'] }), NameCountError);
  });

  it('keeps plain indices for an output of one axis, also behind axes of length 1', async () => {
    for (const shape of [[4], [1, 4], [1, 1, 4]]) {
      const lin = await linearize(x => x.mul(2).reshape(shape), [1, 2, 3, 4]);
      assert.deepEqual(lin.labels, ['0', '1', '2', '3']);
      lin.dispose();
    }
  });

  for (const executor of ['tfjs', 'onnx'] as const)
    it(`sums a class over a mask, by ${executor}: the row is the slope by tf.grad, and everything adds up`, async () => {
      const model = segmentation();
      const x = images(2);
      const lin = await linearize(model, x, { labels: CLASSES, executor });
      const targets: [Target, tf.Tensor, number][] = [
        [{ class: 'road', mask: mask() }, mask(), 1],
        [{ class: 2 }, tf.ones([6, 7]), 2],
        [{ class: 0, mask: mask().mul(-0.5) }, mask().mul(-0.5), 0],
      ];
      for (const [target, weights, c] of targets) {
        const sumOf = (z: tf.Tensor) =>
          (model.apply(z) as tf.Tensor)
            .slice([0, 0, 0, c], [-1, -1, -1, 1])
            .squeeze([3])
            .mul(weights)
            .sum([1, 2]);
        const slope = tf.grad((z: tf.Tensor) => sumOf(z).sum())(x);
        assertClose('row', await taken(lin.row(target)), await taken(slope));
        const { output, bias } = await lin.total(target);
        assertClose('output', await output.data(), await taken(sumOf(x)));
        const parts = await taken(lin.contribution(target).then(t => tf.tidy(() => t.sum([1, 2, 3]))));
        assertClose(
          'contributions and b',
          await taken(tf.add(tf.tensor1d(parts), bias)),
          await output.data(),
        );
        const byChannel = await taken(lin.contributionByChannel(target).then(t => t.sum(1)));
        assertClose('by channel', byChannel, parts);
        tf.dispose([output, bias, weights]);
      }
      lin.dispose();
    });

  it('leaves no tensor of its own behind, even when it refuses a target', async () => {
    const lin = await linearize(segmentation(), tf.unstack(images(1))[0], { labels: CLASSES });
    const before = tf.memory().numTensors;
    const ones = Array.from({ length: 6 }, () => Array<number>(7).fill(1));
    (await lin.contribution({ class: 'tree', mask: ones })).dispose();
    const { output, bias } = await lin.total({ class: 'tree', mask: ones });
    assert.deepEqual([output.shape, bias.shape], [[], []]);
    tf.dispose([output, bias]);
    await assert.rejects(lin.row({ class: 'water' }), /no class "water"; the 3 classes are sky, road, tree/);
    for (const wrong of [{ class: 3 }, { class: -1 }, { class: 0.5 }, { class: 0, mask: [[1, 0]] }])
      await assert.rejects(lin.row(wrong), TargetError);
    assert.equal(tf.memory().numTensors, before);
    lin.dispose();
  });

  it('is plotted with these names, in a payload whose sums are F(x)', async () => {
    const lin = await linearize(segmentation(), tf.unstack(images(1))[0]);
    const bundle = await linearizationBundle(lin, { labels: CLASSES, class: '(2, 4) · road' });
    const d = readDecomposition(JSON.parse(JSON.stringify(bundle[LINEARIZATION_MIME])));
    assert.equal(d.labels[d.first], '(2, 4) · road');
    d.output.forEach((y, c) => assert.ok(Math.abs(y - d.linear[c] - d.bias[c]) < 1e-4));
    assert.match(bundle['text/plain'] as string, /→ \(2, 4\) · road/);
    await assert.rejects(
      linearizationBundle(lin, { class: 'road' }),
      (error: Error) => error instanceof UnknownLabelError && error.message.length < 1000,
    );
    lin.dispose();
  });
});

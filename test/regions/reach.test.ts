import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {
  NonFiniteInputError,
  NoRegionError,
  OptionError,
  VectorShapeError,
} from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { loadOnnx } from '../../kernel-ext/src';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/regions-reference.json';
import { referenceInput, referenceNetwork } from './reference-network';

/** Float32 against float64: where a unit switches on the path, from 0 to 1; measured up to 8e-8. */
const PLACE = 5e-6;

/** y = relu(x₀) + relu(x₁) + max(x₂, x₃). */
const byHand = (x: tf.Tensor) =>
  tf.tidy(() => {
    const [a, b] = [x.slice([0, 0], [1, 2]), x.slice([0, 2], [1, 2])];
    return a.relu().sum(1, true).add(b.max(1, true));
  });

describe('lin.reach(x′)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`is the first breakpoint that ${reference.reference} finds (${executor})`, async () => {
      const model = referenceNetwork();
      for (const { from, to, breakpoints } of reference.paths) {
        const lin = await linearize(model, referenceInput(from), { executor });
        const before = tf.memory().numTensors;
        const { share, unit, distance, length } = await lin.reach(referenceInput(to));
        assert.ok(Math.abs(share - breakpoints[0]) < PLACE, `${share} instead of ${breakpoints[0]}`);
        assert.ok(unit !== null && Math.abs(distance - share * length) < 1e-6);
        assert.equal(tf.memory().numTensors, before + 1, 'x′ alone stays');
        lin.dispose();
      }
    });

    it(`can be computed by hand (${executor})`, async () => {
      const cases: { x: number[]; other: number[]; share: number; unit: [string, number[]] | null }[] = [
        { x: [1, -1, 3, 2], other: [2, -3, 5, 4], share: 1, unit: null },
        { x: [1, -1, 3, 2], other: [-3, -1, 3, 2], share: 0.25, unit: ['threshold', [0]] },
        { x: [1, -1, 3, 2], other: [1, 1, 3, 2], share: 0.5, unit: ['threshold', [1]] },
        { x: [1, -1, 3, 2], other: [1, -1, 3, 6], share: 0.25, unit: ['choice', [1]] },
        { x: [1, -1, 3, 2], other: [1, -1, 3, 2], share: 1, unit: null },
        // x is on a border: the share is 0 if the path crosses the border, and 1 if it runs along it.
        { x: [0, -1, 3, 3], other: [1, -1, 3, 3], share: 0, unit: ['threshold', [0]] },
        { x: [1, -1, 3, 3], other: [1, -1, 2, 3], share: 0, unit: ['choice', [1]] },
        { x: [0, -1, 3, 3], other: [-1, -1, 4, 4], share: 1, unit: null },
      ];
      for (const { x, other, share, unit } of cases) {
        const lin = await linearize(byHand, [x], { executor });
        const found = await lin.reach(tf.tensor([other]));
        assert.deepEqual([found.share, found.unit && [found.unit.kind, found.unit.position]], [share, unit]);
        lin.dispose();
      }
    });
  }

  it('finds where a fading digit leaves its region: nothing has switched before that point, and something has after it', async () => {
    const { model, digits } = await mnistCnn();
    const pixels = digits.batch(0, 3);
    const lin = await linearize(model, pixels);
    for (const instance of [0, 1, 2]) {
      const x = digits.instance(instance);
      const { share, unit } = await lin.instance(instance).reach(x.mul(0.5));
      assert.ok(share > 0 && share < 1 && unit !== null);
      const alone = await linearize(model, x);
      const at = async (t: number) => (await alone.whatIf(x.mul(1 - 0.5 * t))).switched;
      assert.equal(await at(share * 0.999), 0);
      assert.ok((await at(share * 1.001)) > 0);
      alone.dispose();
    }
    lin.dispose();
  });

  it('skips units that are exactly at their threshold at x, and counts those that the path switches', async () => {
    const cases: {
      x: number[];
      other: number[];
      share: number;
      unit: [string, number[]] | null;
      touching: number;
    }[] = [
      { x: [0, -1, 3, 3], other: [1, 3, 3, 3], share: 0.25, unit: ['threshold', [1]], touching: 1 },
      { x: [0, -1, 3, 3], other: [1, 3, 2, 3], share: 0.25, unit: ['threshold', [1]], touching: 2 },
      { x: [0, -1, 3, 3], other: [1, -1, 2, 3], share: 1, unit: null, touching: 2 },
      { x: [0, -1, 3, 3], other: [-1, -1, 4, 3], share: 1, unit: null, touching: 0 },
      { x: [2, -1, 3, 2], other: [-2, -1, 3, 2], share: 0.5, unit: ['threshold', [0]], touching: 0 },
    ];
    for (const { x, other, share, unit, touching } of cases) {
      const lin = await linearize(byHand, [x]);
      const found = await lin.reach(tf.tensor([other]), { ties: 'skip' });
      const named = found.unit && [found.unit.kind, found.unit.position];
      assert.deepEqual([found.share, named, found.touching], [share, unit, touching]);
      const counted = await lin.reach(tf.tensor([other]));
      assert.deepEqual([counted.share, counted.touching], [touching > 0 ? 0 : share, touching]);
      lin.dispose();
    }
  });

  it('tells where the channels of the unit are: first in an ONNX file, last in TensorFlow.js', async () => {
    const resnet = await loadOnnx(join(__dirname, '../../notebooks/models/cifar-resnet/model.onnx'));
    const x = tf.randomUniform([3, 32, 32], 0, 1, 'float32', 5);
    const first = await linearize(resnet, x);
    assert.equal((await first.reach(x.mul(0.5))).unit!.channelsFirst, true);
    const { model, digits } = await mnistCnn();
    const last = await linearize(model, digits.instance(0));
    assert.equal((await last.reach(digits.instance(0).mul(0.5))).unit!.channelsFirst, undefined);
    [first, last].forEach(lin => lin.dispose());
  });

  it('refuses another shape, numbers that are not finite, and a map that is exact only at x', async () => {
    const lin = await linearize(byHand, [[1, -1, 3, 2]]);
    await assert.rejects(lin.reach(tf.zeros([1, 5])), VectorShapeError);
    await assert.rejects(lin.reach(tf.tensor([[1, NaN, 3, 2]])), NonFiniteInputError);
    await assert.rejects(lin.reach([[1, 2, 3, 4]], { ties: 'drop' as 'skip' }), OptionError);
    lin.dispose();
    const smooth = await linearize((x: tf.Tensor) => x.tanh(), [1, 2]);
    await assert.rejects(smooth.reach(tf.tensor1d([2, 3])), NoRegionError);
    smooth.dispose();
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { SuperpixelError } from '../../kernel-ext/src/errors';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';

const batch = () => tf.randomNormal([2, 8, 8, 2], 0, 1, 'float32', 5);

/** One superpixel for each quadrant of the image. */
const quadrants = () =>
  tf.tensor2d(
    Array.from({ length: 64 }, (_, i) => 2 * Math.floor(i / 32) + (Math.floor(i / 4) % 2)),
    [8, 8],
    'int32',
  );

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** Sums of the n-th of N equal parts. */
const part = (values: Float32Array, n: number, count: number) =>
  values.subarray((n * values.length) / count, ((n + 1) * values.length) / count);

for (const executor of ['tfjs', 'onnx'] as const) {
  describe(`contributions that add up, by ${executor}`, () => {
    useBackend('tensorflow');

    for (const [name, count] of [
      ['one input', 1],
      ['a batch', 2],
    ] as const) {
      /** Calls with each class and instance, and with F(x)_c and b_c there. */
      async function each(
        check: (lin: Linearization, c: number, logits: number[], biases: number[]) => Promise<void>,
        memory?: number,
      ): Promise<void> {
        const x = count === 1 ? tf.unstack(batch())[0] : batch();
        const lin = await linearize(residualNet(), x, { executor, memory });
        const [output, bias] = [await lin.output.data(), await lin.bias.data()];
        for (const c of [0, 3]) {
          const at = (values: ArrayLike<number>) =>
            Array.from({ length: count }, (_, n) => values[n * 5 + c]);
          await check(lin, c, at(output), at(bias));
        }
        lin.dispose();
      }

      it(`W∘x by number, by channel and by superpixel, with b, is the logit for ${name}`, async () => {
        await each(async (lin, c, logits, biases) => {
          const splits = {
            number: await taken(lin.contribution(c)),
            channel: await taken(lin.contributionByChannel(c)),
            superpixel: await taken(lin.contributionBySuperpixel(c, quadrants())),
          };
          assert.deepEqual([splits.channel.length, splits.superpixel.length], [2 * count, 4 * count]);
          for (const [split, values] of Object.entries(splits)) {
            const totals = biases.map((b, n) => b + sum(part(values, n, count)));
            assertClose(`by ${split}`, totals, logits);
          }
        });
      });

      it(`b by layer, by entry, by channel and by position is b for ${name}`, async () => {
        await each(async (lin, c, _, biases) => {
          const entries = await lin.biasTerms(c);
          const byLayer = await lin.biasByLayer();
          assert.deepEqual(
            entries.map(({ layer }) => layer),
            byLayer.map(({ layer }) => layer),
          );
          const axis = count === 1 ? [] : [count];
          assert.deepEqual(entries[0].terms.shape, [...axis, 8, 8, 4]);
          const [channels, positions] = [await lin.biasByChannel(c), await lin.biasByPosition(c)];
          assert.deepEqual([channels[0].bias.length, positions[0].bias.length], [4 * count, 64 * count]);
          const numbers = await Promise.all(
            entries.map(async ({ terms }) => (await terms.data()) as Float32Array),
          );
          tf.dispose(entries.map(({ terms }) => terms));
          for (let n = 0; n < count; n++) {
            byLayer.forEach(({ bias }, l) => {
              const expected = [bias[n * 5 + c]];
              assertClose('by entry', [sum(part(numbers[l], n, count))], expected, 1e-4);
              assertClose('by channel', [sum(part(channels[l].bias, n, count))], expected, 1e-4);
              assertClose('by position', [sum(part(positions[l].bias, n, count))], expected, 1e-4);
            });
            assertClose('b', [sum(numbers.map(values => sum(part(values, n, count))))], [biases[n]], 1e-4);
          }
        });
      });
    }

    it('gives the bias terms of FullGrad: the gradient at the layer times its bias', async () => {
      const model = residualNet();
      const x = tf.unstack(batch())[0];
      const lin = await linearize(model, x, { executor });
      const [{ layer, terms }] = await lin.biasTerms(2);
      assert.equal(layer, 'first');
      // The gradient at the pre-activation of the first layer, computed from the model's own weights, times the bias.
      const [kernel, bias] = model.getLayer('first').getWeights();
      const pre = tf.conv2d(x as tf.Tensor3D, kernel as tf.Tensor4D, 1, 'same').add(bias);
      const after = await linearize(model, x, { from: 'first', executor });
      const row = await after.row(2);
      const gates = tf.cast(tf.greater(pre, 0), 'float32');
      assertClose('terms', await taken(terms), await row.mul(gates).mul(bias).data());
      lin.dispose();
      after.dispose();
    });
  });
}

describe('contributionBySuperpixel(c, mask)', () => {
  useBackend('tensorflow');

  for (const [what, mask] of [
    ['another shape', () => tf.zeros([7, 8], 'int32')],
    ['parts of numbers', () => tf.fill([8, 8], 0.5)],
    ['negative numbers', () => tf.fill([8, 8], -1, 'int32')],
  ] as [string, () => tf.Tensor][]) {
    it(`refuses a mask of ${what} and leaves no tensor behind`, async () => {
      const lin = await linearize(residualNet(), tf.unstack(batch())[0]);
      const wrong = mask();
      const before = tf.memory().numTensors;
      await assert.rejects(lin.contributionBySuperpixel(0, wrong), SuperpixelError);
      assert.equal(tf.memory().numTensors, before);
      lin.dispose();
    });
  }
});

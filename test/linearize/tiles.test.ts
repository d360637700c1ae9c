import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { AbortError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';

const batch = () => tf.randomNormal([5, 8, 8, 2], 0, 1, 'float32', 5);

/** A budget for two instances of the residual network, but not for three. */
const TIGHT = 30_000;

for (const executor of ['tfjs', 'onnx'] as const) {
  describe(`a batch in tiles, by ${executor}`, () => {
    useBackend('tensorflow');

    it('gives the same results as without tiles', async () => {
      const model = residualNet();
      const x = batch();
      const [roomy, tight] = [
        await linearize(model, x, { executor }),
        await linearize(model, x, { executor, memory: TIGHT }),
      ];
      assertClose('F(x)', await tight.output.data(), await roomy.output.data());
      assertClose('b', await tight.bias.data(), await roomy.bias.data());
      assertClose('rows', await taken(tight.weights.rows([4, 1])), await taken(roomy.weights.rows([4, 1])));
      const v = tf.randomNormal([5, 8, 8, 2], 0, 1, 'float32', 6);
      assertClose('W·v', await taken(tight.weights.apply(v)), await taken(roomy.weights.apply(v)));
      const u = tf.randomNormal([5, 5], 0, 1, 'float32', 7);
      const pulled = [tight, roomy].map(lin => taken(lin.weights.applyTranspose(u)));
      assertClose('Wᵀ·u', await pulled[0], await pulled[1]);
      const [parts, expected] = [await tight.biasByLayer(), await roomy.biasByLayer()];
      assert.deepEqual(
        parts.map(part => part.layer),
        expected.map(part => part.layer),
      );
      parts.forEach((part, i) => assertClose('b by layer', part.bias, expected[i].bias));
      const [terms, wanted] = [await tight.biasTerms(1), await roomy.biasTerms(1)];
      for (const [i, part] of terms.entries())
        assertClose('b by entry', await taken(part.terms), await taken(wanted[i].terms));
      assertClose('norms', await taken(tight.weights.norm()), await taken(roomy.weights.norm()));
      const values = [tight, roomy].map(async lin => taken((await lin.weights.svd(2)).values));
      assertClose('singular values', await values[0], await values[1]);
      const [bound, bounds] = [await tight.weights.rankBound(), await roomy.weights.rankBound()];
      assert.equal(bound, bounds);
      assert.ok((await tight.residual({ every: true })).relative <= 1e-5);
      const elsewhere = [await tight.whatIf(v), await roomy.whatIf(v)];
      assertClose('F elsewhere', await taken(elsewhere[0].output), await taken(elsewhere[1].output));
      assert.deepEqual(elsewhere[0].switched, elsewhere[1].switched);
      roomy.dispose();
      tight.dispose();
    });

    it('reports its progress from 0 to 1, never backwards', async () => {
      const seen: number[] = [];
      const lin = await linearize(residualNet(), batch(), {
        executor,
        memory: TIGHT,
        onProgress: fraction => seen.push(fraction),
      });
      assert.deepEqual([seen.length, seen.at(-1)], [3, 1]);
      seen.length = 0;
      await lin.weights.toTensor({ onProgress: fraction => seen.push(fraction) });
      assert.ok(seen.length >= 3 && seen.every((v, i) => v >= (seen[i - 1] ?? 0)), seen.join(', '));
      assert.ok(Math.abs(seen.at(-1)! - 1) < 1e-9);
      lin.dispose();
    });

    it('stops at its signal with an AbortError and leaves no tensor behind', async () => {
      const model = residualNet();
      const x = batch();
      const before = tf.memory().numTensors;
      const stop = new AbortController();
      const options = {
        executor,
        memory: TIGHT,
        signal: stop.signal,
        onProgress: () => stop.abort('enough'),
      };
      await assert.rejects(linearize(model, x, options), error => {
        assert.ok(error instanceof AbortError);
        assert.deepEqual([error.name, error.reason], ['AbortError', 'enough']);
        return true;
      });
      await assert.rejects(linearize(model, x, options), AbortError);
      assert.equal(tf.memory().numTensors, before);
    });

    it('stops work on rows, products, norms, singular values and residuals as well', async () => {
      const model = residualNet();
      const lin = await linearize(model, batch(), { executor, memory: TIGHT });
      const before = tf.memory().numTensors;
      const stopped = () => {
        const stop = new AbortController();
        return { signal: stop.signal, onProgress: () => stop.abort() };
      };
      for (const work of [
        () => lin.weights.rows([0, 1], stopped()),
        () => lin.weights.toTensor(stopped()),
        () => lin.weights.norm('frobenius', stopped()),
        () => lin.weights.norm('spectral', stopped()),
        () => lin.weights.svd(2, stopped()),
        () => lin.residual(stopped()),
      ]) {
        await assert.rejects(work(), AbortError);
        assert.equal(tf.memory().numTensors, before);
      }
      lin.dispose();
    });
  });
}

describe('a batch whose tiles come with all of W', () => {
  useBackend('tensorflow');

  /** More gates than rows: a tile of four instances has room for both of its rows. */
  const deep = (outputs = 2): tf.LayersModel =>
    tf.sequential({
      layers: Array.from({ length: 11 }, (_, i) =>
        tf.layers.dense({
          ...(i === 0 ? { inputShape: [4] } : {}),
          units: i === 10 ? outputs : 16,
          activation: i === 10 ? 'linear' : 'relu',
          kernelInitializer: tf.initializers.heNormal({ seed: i + 1 }),
          biasInitializer: tf.initializers.randomUniform({ minval: -0.1, maxval: 0.3, seed: i + 1 }),
        }),
      ),
    });

  it('keeps them, with b by the same pull, and agrees with TensorFlow.js', async () => {
    const model = deep();
    const x = tf.randomNormal([8, 4], 0, 1, 'float32', 5);
    const expected = await linearize(model, x);
    const before = tf.memory().numTensors;
    const lin = await linearize(model, x, { executor: 'onnx', memory: 4096 });
    const seen: number[] = [];
    const all = await lin.weights.toTensor({ onProgress: fraction => seen.push(fraction) });
    assert.deepEqual(seen, [], 'nothing is left to compute');
    assertClose('W', await taken(all), await taken(expected.weights.toTensor()));
    assertClose('a row', await taken(lin.weights.rows([1])), await taken(expected.weights.rows([1])));
    assertClose('b', await lin.bias.data(), await expected.bias.data());
    assert.ok((await lin.residual({ every: true })).relative <= 1e-5);
    lin.dispose();
    const fresh = tf.memory().numTensors - before;
    assert.equal(fresh, 0);
    expected.dispose();
  });

  it('keeps all or none: of unequal tiles, only the last one has room for all of its rows', async () => {
    const model = deep(3);
    const x = tf.randomNormal([7, 4], 0, 1, 'float32', 5);
    const expected = await linearize(model, x);
    const before = tf.memory().numTensors;
    const lin = await linearize(model, x, { executor: 'onnx', memory: 4096 });
    assertClose('row 2', await taken(lin.weights.rows([2])), await taken(expected.weights.rows([2])));
    assertClose('F(x)', await lin.output.data(), await expected.output.data());
    for (const n of [0, 6]) assertClose('b', await lin.instance(n).bias(), await expected.instance(n).bias());
    lin.dispose();
    assert.equal(tf.memory().numTensors, before);
    expected.dispose();
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { linearizationSvg } from '../../kernel-ext/src/bundles/linearization/linearization-svg';
import { OptionError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { LINEARIZATION_MIME, readDecomposition } from '../../kernel-ext/src/payload';
import { foundOutputs } from '../../lab-extension/src/figures/found-outputs';
import { useBackend } from '../backend';

const init = (seed: number) => tf.initializers.glorotNormal({ seed });

/** A network on six numbers with this many outputs and no final activation. */
const network = (units: number) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [6], units: 8, activation: 'relu', kernelInitializer: init(1) }),
      tf.layers.dense({ units, kernelInitializer: init(2), name: 'progression' }),
    ],
  });

const x = () => tf.tensor1d([0.3, -1, 2, 0.5, 1, -0.2]);

describe('the outputs of a network that is no classifier', () => {
  useBackend('tensorflow');

  it('are no classes and no logits: a regression has an output and its unit', async () => {
    const lin = await linearize(network(1), x());
    const bundle = await linearizationBundle(lin, { unit: 'mg/dl' });
    const words = (bundle['text/html'] as string).replace(/<[^>]*>/g, ' ');
    const svg = linearizationSvg(readDecomposition(bundle[LINEARIZATION_MIME]));
    for (const text of [words, bundle['text/plain'] as string, svg]) {
      assert.doesNotMatch(text, /class|logit/i);
      assert.match(text, /output[^]*-?[−\d.]+[^]*mg\/dl/);
    }
    assert.match(bundle['text/plain'] as string, /^output: −?[\d.]+ mg\/dl = W·x/);
    assert.deepEqual(readDecomposition(bundle[LINEARIZATION_MIME]).labels, ['output']);
    lin.dispose();
  });

  it('have the name that the caller gives', async () => {
    const lin = await linearize(network(1), x(), { labels: ['glucose'] });
    const bundle = await linearizationBundle(lin);
    assert.match(bundle['text/plain'] as string, /^glucose: output −?[\d.]+ = W·x/);
    await assert.rejects(linearizationBundle(lin, { unit: 3 as never }), OptionError);
    lin.dispose();
  });

  it('are told apart in tables and pictures however long their names are', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => `class name of ${'x'.repeat(400)} number ${i}`);
    const lin = await linearize(network(40), x(), { labels });
    const bundle = await linearizationBundle(lin);
    const svg = linearizationSvg(readDecomposition(bundle[LINEARIZATION_MIME]));
    const shown = [...svg.matchAll(/<text x="16"[^>]*>([^<]*…[^<]*)<\/text>/g)].map(([, text]) => text);
    assert.equal(new Set(shown).size, 12, shown.join());
    lin.dispose();
  });

  it('are found by a part of their names, whatever the case, the largest first, beside the selected one', () => {
    const labels = ['Tabby cat', 'dog', 'Egyptian CAT', 'truck'];
    assert.deepEqual(foundOutputs(labels, [1, 5, 3, 0], 'cat', 1), [2, 0, 1]);
    assert.deepEqual(foundOutputs(labels, [1, 5, 3, 0], 'zebra', 3), [3]);
  });
});

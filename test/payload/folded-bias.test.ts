import assert from 'node:assert/strict';
import { biasLine, foldedBias, readDecomposition, signed } from '../../kernel-ext/src/payload';
import { waterfall } from '../../lab-extension/src/figures/waterfall';
import { DecompositionModel } from '../../lab-extension/src/decomposition/decomposition-model';
import { photograph } from '../lab/photograph';

/** Sums of some ten numbers in float64. */
const ROUNDING = 1e-12;

const total = (parts: readonly { value: number }[]) => parts.reduce((sum, { value }) => sum + value, 0);
const LAYERS = [
  { layer: 'conv', value: -33.97 },
  { layer: 'conv_bn', value: 34.34 },
  { layer: 'relu', value: 0.02 },
  { layer: 'dense', value: 0.65 },
];

describe('b by layer', () => {
  it('folds a convolution and its batch norm, whose parts cancel, and keeps the sum', () => {
    const { folded, parts } = foldedBias(LAYERS, 6.9);
    assert.deepEqual(
      folded.map(({ layer }) => layer),
      ['conv', 'conv_bn'],
    );
    assert.deepEqual(
      parts.map(({ layer }) => layer),
      ['after batch norms', 'relu', 'dense'],
    );
    assert.ok(Math.abs(total(parts) - total(LAYERS)) < ROUNDING);
    assert.equal(
      biasLine(1.04, { folded, parts }, value => signed(value)),
      'b +1.04 = after batch norms (2 layers that cancel) +0.37 · relu +0.02 · dense +0.65',
    );
  });

  it('folds whatever cancels, under a name that claims no more than it knows', () => {
    const named = LAYERS.map(({ value }, i) => ({ layer: `node ${i}`, value }));
    assert.equal(foldedBias(named, 6.9).parts[0].layer, 'of the first 2 layers');
    for (const layer of ['layer1.bn2', 'batch_normalization_3', 'features.0.BatchNorm', 'block_1_expand_BN'])
      assert.equal(foldedBias([LAYERS[0], { layer, value: 34 }], 7).parts[0].layer, 'after batch norms');
    assert.equal(
      foldedBias([LAYERS[0], { layer: 'subnet', value: 34 }], 7).parts[0].layer,
      'of the first 2 layers',
    );
  });

  it('stays as it is where its parts do not cancel, and where there is one part or none', () => {
    const calm = [
      { layer: 'conv1', value: -0.1 },
      { layer: 'bn', value: 0.3 },
    ];
    assert.deepEqual(foldedBias(calm, 12.7), { folded: [], parts: calm });
    assert.deepEqual(foldedBias([{ layer: 'dense', value: 3 }], 0.1).folded, []);
    assert.deepEqual(foldedBias([], 0), { folded: [], parts: [] });
    assert.deepEqual(foldedBias([{ layer: 'dense', value: 0 }], 0).folded, []);
  });

  it('is one bar in the waterfall of a photograph, and bars of its own on request; both end at the logit', () => {
    const model = new DecompositionModel(readDecomposition(photograph()), null);
    const figures = [false, true].map(isOpen => waterfall(model.subject, null, isOpen));
    const bias = figures.map(({ steps }) => steps.filter(({ kind }) => kind === 'bias'));
    assert.equal(bias[0][0].name, 'after batch norms');
    assert.ok(!bias[1].some(({ name }) => name === 'after batch norms'));
    assert.ok(Math.max(...bias[0].map(({ value }) => Math.abs(value))) < 5);
    assert.ok(Math.max(...bias[1].map(({ value }) => Math.abs(value))) > 9);
    assert.ok(Math.abs(total(bias[0]) - total(bias[1])) < ROUNDING * 100);
    assert.ok(figures.every(({ canceling }) => canceling > 10));
    model.dispose();
  });
});

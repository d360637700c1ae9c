import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { sizeOf } from '../../kernel-ext/src/plan/graph';
import { cheapestStrategy, waistsOf } from '../../kernel-ext/src/plan/row-strategies';
import { useBackend } from '../backend';
import { autoencoder, decoder, residualNet } from './networks';

async function planFor(model: tf.LayersModel) {
  const shape = model.inputs[0].shape.slice(1) as number[];
  const { plan } = await Compiled.of(sourceOf(model), tf.zeros([1, ...shape]), 1);
  return plan;
}

describe('the row strategy', () => {
  useBackend('tensorflow');

  it('goes through the code of an autoencoder for all rows: five passes on each side', async () => {
    const plan = await planFor(autoencoder());
    const strategy = cheapestStrategy(plan, 60, 1);
    assert.equal(strategy.mode, 'waist');
    assert.equal(strategy.mode === 'waist' && sizeOf(strategy.lower.output.shape), 5);
  });

  it('is one pull for one row', async () => {
    assert.equal(cheapestStrategy(await planFor(autoencoder()), 1, 1).mode, 'reverse');
  });

  it('is forward if there are fewer inputs than rows', async () => {
    assert.equal(cheapestStrategy(await planFor(decoder()), 200, 1).mode, 'forward');
  });

  it('does not mistake a branch of a residual block for a waist', async () => {
    const layers = new Set(waistsOf(await planFor(residualNet())).map(waist => waist.step.layer));
    assert.ok(layers.has('first') && layers.has('pool'));
    for (const branch of ['inner', 'block', 'sum']) assert.ok(!layers.has(branch), branch);
  });
});

import assert from 'node:assert/strict';
import { mnistCnn } from '../bench/mnist-cnn';
import { useBackend } from '../backend';
import { logitsOf } from '../networks/logits';
import { checked } from './identity';

/** Relative to max|F(x)|; `npm run validate` measures at most 7.0e-7 over all 10,000 test digits. */
const TOLERANCE = 2e-6;
const DIGITS = 200;

describe(`the first ${DIGITS} MNIST test digits`, () => {
  useBackend('tensorflow');

  it('are W·x + b, and contributions and parts of b add up to every logit', async () => {
    const { model, digits } = await mnistCnn();
    const x = digits.batch(0, DIGITS);
    const { identity, ledger } = await checked(model, logitsOf(model), x);
    x.dispose();
    assert.equal(identity.length, 10 * DIGITS);
    assert.ok(Math.max(...identity) <= TOLERANCE, `W·x + b is off by ${Math.max(...identity)}`);
    assert.ok(Math.max(...ledger) <= TOLERANCE, `the parts are off by ${Math.max(...ledger)}`);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { ClassIndexError, StepCountError } from '../../kernel-ext/src/errors';
import { path } from '../../kernel-ext/src/paths/path';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/regions-reference.json';
import { assertClose, taken } from '../linear-map/close';
import { referenceInput, referenceNetwork } from './reference-network';

describe('integrated gradients on a path', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`are the exact ones of ${reference.reference}, and sum to the change of F (${executor})`, async () => {
      const model = referenceNetwork();
      for (const { from, to, integrated } of reference.paths) {
        const ends = [referenceInput(from), referenceInput(to)];
        const line = await path(model, ends[0], ends[1], { executor });
        const before = tf.memory().numTensors;
        for (const [c, right] of integrated.entries()) {
          const { parts, sum, change, residual } = await line.integrated(c);
          assert.deepEqual(parts.shape, [6, 6, 2]);
          assertClose('parts', await taken(parts), right);
          assert.ok(residual === Math.abs(sum - change) && residual < 2e-5, `${sum} is not ${change}`);
        }
        assert.equal(tf.memory().numTensors, before);
      }
    });
  }

  it('are sampled by the rules of other tools, with the same error that NumPy finds', async () => {
    const model = referenceNetwork();
    for (const { from, to, sampled } of reference.paths) {
      const line = await path(model, referenceInput(from), referenceInput(to));
      for (const { steps, rule, error } of sampled) {
        const got = await line.sampled(0, steps, rule as 'left');
        assert.ok(Math.abs(got.error - error) < 1e-4, `${rule} ${steps}: ${got.error} instead of ${error}`);
      }
    }
  });

  it('sum to the change of a logit between two digits', async () => {
    const { model, digits } = await mnistCnn();
    const line = await path(model, digits.instance(0), digits.instance(1));
    const { residual, change } = await line.integrated(7);
    assert.ok(residual < 1e-5 * Math.abs(change), `off by ${residual} of ${change}`);
  });

  it('work on functions that take one input at a time, and refuse an output that does not exist and 0 steps', async () => {
    const line = await path((x: tf.Tensor) => x.relu().mul([2, 3]), [-1, 1], [1, 2]);
    const { parts } = await line.integrated(0);
    assert.deepEqual([...parts.dataSync()], [2, 0]);
    await assert.rejects(line.integrated(2), ClassIndexError);
    await assert.rejects(line.sampled(0, 0), StepCountError);
  });
});

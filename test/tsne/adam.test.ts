import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { Adam } from '../../kernel-ext/src/tsne/adam';

/** TensorFlow.js keeps powers of the decays in float32, where 1 − 0.999 has an error of 5e-5. */
const TOLERANCE = 1e-4;

describe('Adam', () => {
  it('takes the same steps as the optimizer of TensorFlow.js', () => {
    const before = tf.memory().numTensors;
    const start = tf.tensor2d([1, -2, 0.5, 3], [2, 2]);
    const [ours, theirs] = [tf.variable(start), tf.variable(start)];
    const target = tf.tensor2d([0, 1, 2, 3], [2, 2]);
    const adam = new Adam(0.05);
    const reference = tf.train.adam(0.05);
    const off = (at: tf.Variable) => () => at.sub(target).pow(4).mean<tf.Scalar>();
    for (let step = 0; step < 20; step++) {
      const loss = adam.minimize(off(ours), [ours]);
      const expected = tf.tidy(() => reference.minimize(off(theirs), true, [theirs])!.dataSync()[0]);
      assert.ok(Math.abs(loss - expected) < TOLERANCE * expected);
    }
    const expected = theirs.dataSync();
    ours.dataSync().forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < TOLERANCE));
    tf.dispose([start, ours, theirs, target]);
    reference.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { atlas } from '../../kernel-ext/src/atlas/atlas';
import { AbortError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { residualNet } from '../linear-map/networks';

/** A signal that aborts once it has been checked a given number of times. */
function abortedAfter(looks: number): AbortSignal {
  let seen = 0;
  const signal = new AbortController().signal;
  return Object.defineProperties(signal, {
    aborted: { get: () => seen++ >= looks },
    reason: { value: 'enough' },
  });
}

describe('work that is aborted', () => {
  useBackend('tensorflow');

  it('leaves no tensor behind, whenever it is aborted during a radius, a product or a what-if', async () => {
    const x = tf.randomNormal([8, 8, 2], 0, 1, 'float32', 5);
    const lin = await linearize(residualNet(), x);
    const before = tf.memory().numTensors;
    for (const looks of [1, 2, 5, 12]) {
      await assert.rejects(lin.radius({ exact: false, signal: abortedAfter(looks) }), AbortError);
      assert.equal(tf.memory().numTensors, before, `radius after ${looks} looks`);
    }
    lin.dispose();
    const left = tf.memory().numTensors;
    for (const looks of [4, 5, 6]) {
      const signal = abortedAfter(looks);
      const watched = await linearize(residualNet(), x, { signal });
      const held = tf.memory().numTensors;
      await assert.rejects(async () => {
        for (;;) tf.dispose([await watched.weights.apply(x)]);
      }, AbortError);
      assert.equal(tf.memory().numTensors, held, 'apply');
      await assert.rejects(watched.whatIf(x), AbortError);
      assert.equal(tf.memory().numTensors, held, 'whatIf');
      watched.dispose();
    }
    assert.ok(tf.memory().numTensors > left, 'the models');
    x.dispose();
  });

  it('leaves no tensor behind, whenever it is aborted during an atlas', async () => {
    const model = residualNet();
    const batch = tf.randomNormal([3, 8, 8, 2], 0, 1, 'float32', 5);
    const before = tf.memory().numTensors;
    let looks = 0;
    for (; ; looks++) {
      const aborted = await atlas(model, batch, { executor: 'tfjs', signal: abortedAfter(looks) }).then(
        () => false,
        error => {
          assert.ok(error instanceof AbortError, String(error));
          return true;
        },
      );
      assert.equal(tf.memory().numTensors, before, `atlas after ${looks} looks`);
      if (!aborted) break;
    }
    assert.ok(looks > 2, 'it looks at its signal before, during and after W');
    batch.dispose();
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { float32Bytes, float32Values, type CommReply, type CommRequest } from '../../kernel-ext/src/payload';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { shownInstances } from '../../kernel-ext/src/display/handles';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { assertClose } from '../linear-map/close';
import { mnistLinearization } from '../bundles/mnist-linearization';

const signal = new AbortController().signal;
const ask = async (request: object, ...buffers: Uint8Array[]): Promise<CommReply> =>
  (await answer({ id: 4, ...request } as CommRequest, signal, buffers)).reply;

/** y = relu(x₀) + relu(x₁) + max(x₂, x₃). */
const byHand = (x: tf.Tensor) =>
  tf.tidy(() => {
    const [a, b] = [x.slice([0, 0], [1, 2]), x.slice([0, 2], [1, 2])];
    return a.relu().sum(1, true).add(b.max(1, true));
  });

describe('answers about where a linear map is exact', () => {
  it('give the distance to the nearest border that x is not on, and the number of borders that it is on', async () => {
    const lin = await linearize(byHand, [[0, -2, 5, 5]]);
    const before = tf.memory().numTensors;
    const reply = await ask({ op: 'radius', handle: shownInstances.handleOf({ lin, index: 0 }) });
    assert.ok(reply.ok && reply.op === 'radius', JSON.stringify(reply));
    const { distance, lower, exact, unit, touching } = reply;
    assert.deepEqual([distance, lower, exact, touching], [2, 2, true, 2]);
    assert.deepEqual([unit!.kind, unit!.position], ['threshold', [1]]);
    assert.equal(tf.memory().numTensors, before);
    lin.dispose();
  });

  it('write an infinite distance as null, since JSON has no infinity', async () => {
    const lin = await linearize((x: tf.Tensor) => x.mul(2).add(1), [1, 2]);
    const reply = await ask({ op: 'radius', handle: shownInstances.handleOf({ lin, index: 0 }) });
    assert.ok(reply.ok && reply.op === 'radius');
    assert.deepEqual([reply.distance, reply.unit, reply.exact], [null, null, true]);
    lin.dispose();
  });

  it('state where on the path from the shown instance to another input the first unit switches', async () => {
    const lin = await mnistLinearization(2);
    const handle = shownInstances.handleOf({ lin, index: 1 });
    const x = (await lin.input.data()).slice(784) as Float32Array;
    const before = tf.memory().numTensors;
    const reply = await ask({ op: 'reach', handle }, float32Bytes(x.map(v => v / 2)));
    assert.ok(reply.ok && reply.op === 'reach', JSON.stringify(reply));
    assert.equal(tf.memory().numTensors, before);
    const right = await lin.instance(1).reach(
      tf.tensor(
        x.map(v => v / 2),
        [28, 28, 1],
      ),
      { ties: 'skip' },
    );
    assertClose('share', [reply.share], [right.share]);
    assertClose('distance', [reply.distance], [right.distance]);
    assert.deepEqual(reply.unit, right.unit);
    const stays = await ask({ op: 'reach', handle }, float32Bytes(x));
    assert.ok(stays.ok && stays.op === 'reach' && stays.share === 1 && stays.unit === null);
    lin.dispose();
  });

  it('find an edit at which two outputs tie: x’ and the walk to it', async () => {
    // y₀ − y₁ = relu(x₀) + relu(x₁) − 3: from (5, 0.5) the walk leaves the region at x₁ = 0, and the tie is at x₀ = 3.
    const network = (x: tf.Tensor) =>
      tf.tidy(() => tf.stack([x.relu().sum(), tf.scalar(3).add(x.sum().mul(0))]));
    const lin = await linearize(network, [5, 0.5]);
    const handle = shownInstances.handleOf({ lin, index: 0 });
    const before = tf.memory().numTensors;
    const request = { id: 4, op: 'contrastEdit', handle, index: 0, rival: 1 } as const;
    const { reply, buffers } = await answer(request, signal);
    assert.ok(reply.ok && reply.op === 'contrastEdit', JSON.stringify(reply));
    assert.deepEqual([reply.gap, reply.smallest, reply.borders, reply.units], [2.5, null, 1, 1]);
    const [x0, x1] = float32Values(buffers.at(-1)!);
    assert.ok(Math.abs(x0 - 3) < 1e-5 && x1 <= 0);
    assert.ok(Math.abs(reply.distance - Math.hypot(x0 - 5, x1 - 0.5)) < 1e-6);
    assert.equal(tf.memory().numTensors, before);
    for (const wrong of [{ rival: 0 }, { rival: 2 }, { index: -1 }]) {
      const refused = await ask({ ...request, ...wrong });
      assert.equal(refused.ok ? 'ok' : refused.code, 'bad-request');
    }
    lin.dispose();
  });

  it('refuse a malformed input, and a linear map without a region', async () => {
    const lin = await linearize((x: tf.Tensor) => x.tanh(), [1, 2]);
    const handle = shownInstances.handleOf({ lin, index: 0 });
    const codes = [
      await ask({ op: 'reach', handle }),
      await ask({ op: 'reach', handle }, float32Bytes(Float32Array.of(1))),
      await ask({ op: 'reach', handle }, float32Bytes(Float32Array.of(1, NaN))),
      await ask({ op: 'reach', handle }, float32Bytes(Float32Array.of(1, 3))),
      await ask({ op: 'radius', handle }),
      await ask({ op: 'contrastEdit', handle, index: 0, rival: 1 }),
    ].map(reply => (reply.ok ? 'ok' : reply.code));
    assert.deepEqual(codes, ['bad-request', 'bad-request', 'bad-request', 'failed', 'failed', 'failed']);
    lin.dispose();
  });
});

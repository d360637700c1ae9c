import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  compactArray,
  decodeArray,
  float32Bytes,
  float32Values,
  readReach,
  type CommReply,
  type CommRequest,
  SCHEMA_VERSION,
} from '../../kernel-ext/src/payload';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { shownInstances } from '../../kernel-ext/src/display/handles';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearizeAt } from '../../kernel-ext/src/linearization/linearize-at';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { assertClose, taken } from '../linear-map/close';
import { mnistLinearization, vectorLinearization } from '../bundles/mnist-linearization';

const signal = new AbortController().signal;
const codeOf = (reply: CommReply) => (reply.ok ? 'ok' : reply.code);

describe('answers on the comm', () => {
  let lin: Linearization;
  let handle: string;
  before(async () => {
    lin = await mnistLinearization(2);
    handle = shownInstances.handleOf({ lin, index: 1 });
  });
  after(() => lin.dispose());

  it('greet with the version of the schema', async () => {
    const { reply } = await answer({ id: 7, op: 'hello', handle }, signal);
    assert.deepEqual(reply, { id: 7, ok: true, op: 'hello', schemaVersion: SCHEMA_VERSION });
  });

  it('give rows of W at the shown instance, one buffer per row, in the requested order', async () => {
    const before = tf.memory().numTensors;
    const { reply, buffers } = await answer({ id: 8, op: 'rows', handle, indices: [9, 0] }, signal);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(reply, { id: 8, ok: true, op: 'rows', indices: [9, 0], shape: [28, 28, 1] });
    for (const [i, c] of [9, 0].entries()) {
      const wanted = (await taken(lin.row(c))).slice(784);
      assertClose(`row ${c}`, float32Values(buffers[i]), wanted);
    }
  });

  it('name the number that overflows float32 at another input instead of sending null', async () => {
    const huge = await linearize(x => x.mul(2).relu(), [1, 2]);
    const shown = shownInstances.handleOf({ lin: huge, index: 0 });
    const { reply } = await answer({ id: 6, op: 'whatIf', handle: shown }, signal, [
      float32Bytes(Float32Array.of(1, 3e38)),
    ]);
    assert.ok(
      !reply.ok && /float32 overflows at this input: output\[1\]/.test(reply.message),
      JSON.stringify(reply),
    );
    const far = await answer({ id: 7, op: 'reach', handle: shown }, signal, [
      float32Bytes(Float32Array.of(1e38, -3e38)),
    ]);
    assert.ok(readReach(JSON.parse(JSON.stringify(far.reply))).length > 0, JSON.stringify(far.reply));
    huge.dispose();
  });

  it('give F(x’) and W·x’ + b at another input, and the number of units that switched', async () => {
    const x = (await lin.input.data()).slice(784) as Float32Array;
    const ask = async (other: Float32Array) => {
      const { reply } = await answer({ id: 5, op: 'whatIf', handle }, signal, [float32Bytes(other)]);
      assert.ok(reply.ok && reply.op === 'whatIf', JSON.stringify(reply));
      return reply;
    };
    const same = await ask(x);
    assert.equal(same.switched, 0);
    // The gates at x are kept for the next question.
    const before = tf.memory().numTensors;
    const logits = (await lin.output.data()).slice(10);
    same.output.forEach((logit, c) => assert.ok(Math.abs(logit - logits[c]) < 1e-4));
    same.predicted.forEach((logit, c) => assert.ok(Math.abs(logit - logits[c]) < 1e-4));
    const inverted = await ask(x.map(v => 1 - v));
    assert.ok(inverted.switched > 0 && inverted.switched <= inverted.units);
    assert.ok(inverted.output.some((logit, c) => Math.abs(logit - inverted.predicted[c]) > 0.1));
    assert.equal(tf.memory().numTensors, before);
  });

  it('take what nobody has edited of a large x as it is in x, not as the notebook rounds it', async () => {
    const size = 40_000;
    const wide = Float32Array.from({ length: size }, (_, i) => Math.sin(i * i));
    const kernel = tf.randomNormal([size, 3], 0, 1, 'float32', 1) as tf.Tensor2D;
    const large = await linearize(
      z => tf.matMul(z.reshape([1, size]) as tf.Tensor2D, kernel).relu(),
      tf.tensor1d(wide),
    );
    const shown = shownInstances.handleOf({ lin: large, index: 0 });
    const { values: seen } = decodeArray(compactArray(wide, [size]), 'x');
    assert.ok(
      seen.some((value, i) => value !== wide[i]),
      'the notebook rounds x',
    );
    const { reply } = await answer({ id: 1, op: 'whatIf', handle: shown }, signal, [float32Bytes(seen)]);
    assert.ok(reply.ok && reply.op === 'whatIf', JSON.stringify(reply));
    assert.deepEqual(reply.output, [...(await large.output.data())]);
    large.dispose();
  });

  it('refuse a malformed input', async () => {
    const x = new Float32Array(784);
    for (const buffers of [[], [float32Bytes(x.slice(1))], [float32Bytes(x), float32Bytes(x)]]) {
      const { reply } = await answer({ id: 5, op: 'whatIf', handle }, signal, buffers);
      assert.equal(codeOf(reply), 'bad-request');
    }
    for (const bad of [NaN, Infinity]) {
      const before = tf.memory().numTensors;
      const { reply } = await answer({ id: 5, op: 'whatIf', handle }, signal, [float32Bytes(x.fill(bad))]);
      assert.equal(codeOf(reply), 'bad-request');
      assert.match(reply.ok ? '' : reply.message, new RegExp(`is ${bad}`));
      assert.equal(tf.memory().numTensors, before);
    }
  });

  it('leave no tensor behind in a linear map that starts at a layer, where no other input can be tried', async () => {
    const network = (x: tf.Tensor) => x.relu().mul(2).relu();
    const inner = await linearize(network, [1, -2], { from: 'Relu_0' });
    const request = { id: 5, handle: shownInstances.handleOf({ lin: inner, index: 0 }) };
    const other = float32Bytes(new Float32Array(inner.weights.shape[1]));
    const before = tf.memory().numTensors;
    for (const op of ['whatIf', 'reach', 'radius', 'contrastEdit'] as const) {
      const question = { ...request, op, index: 0, rival: 1 } as CommRequest;
      assert.equal(codeOf((await answer(question, signal, [other])).reply), 'failed', op);
      assert.equal(tf.memory().numTensors, before, op);
    }
    inner.dispose();
  });

  it('give what the channels of a layer add to a class, largest first, and b; together they are its logit', async () => {
    const before = tf.memory().numTensors;
    const question = { id: 6, op: 'channels', handle, layer: 'pool1', most: 3 } as const;
    const { reply, buffers } = await answer({ ...question, index: 7, rival: 1 }, signal);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(reply.ok && reply.op === 'channels', JSON.stringify(reply));
    const [height, width, count] = reply.shape;
    const [sums, ...planes] = buffers.map(float32Values);
    assert.deepEqual([sums.length, planes.length, planes[0].length], [count, 3, height * width]);
    const logits = (await lin.output.data()).slice(10);
    assert.ok(Math.abs(reply.linear + reply.bias - (logits[7] - logits[1])) < 1e-4);
    const { model } = lin;
    const inner = await linearizeAt(
      await model.variant({ from: 'pool1' }, lin.input),
      model.checked(tf.clone(lin.input)),
      {},
    );
    const [seven, one] = await Promise.all([7, 1].map(c => inner.contributionByChannel(c)));
    const wanted = tf.sub(seven, one).arraySync() as number[][];
    wanted[1].forEach((sum, channel) => assert.ok(Math.abs(sum - sums[channel]) < 1e-4));
    const order = [...sums.keys()].sort((i, j) => Math.abs(sums[j]) - Math.abs(sums[i]));
    assert.deepEqual(reply.shown, order.slice(0, 3));
    planes.forEach((plane, i) => {
      const total = plane.reduce((sum, v) => sum + v, 0);
      assert.ok(Math.abs(total - sums[reply.shown[i]]) < 1e-4);
    });
    inner.dispose();
  });

  it('give the channels at another input under the map of x: together they are W·x′ + b', async () => {
    const question = { id: 6, op: 'channels', handle, layer: 'pool1', most: 3, index: 7, rival: 1 } as const;
    const sumsAt = async (buffers: Uint8Array[]) => {
      const { reply, buffers: arrays } = await answer(question, signal, buffers);
      assert.ok(reply.ok && reply.op === 'channels', JSON.stringify(reply));
      return { total: reply.linear + reply.bias, sums: float32Values(arrays[0]) };
    };
    const x = (await lin.input.data<'float32'>()).slice(784);
    const other = x.map((v, i) => (i < 300 ? 0 : v));
    const before = tf.memory().numTensors;
    const [at, same, there] = [
      await sumsAt([]),
      await sumsAt([float32Bytes(x)]),
      await sumsAt([float32Bytes(other)]),
    ];
    assert.equal(tf.memory().numTensors, before);
    same.sums.forEach((sum, channel) => assert.ok(Math.abs(sum - at.sums[channel]) < 1e-4));
    const { output, predicted } = await lin.instance(1).whatIf(tf.tensor(other, [28, 28, 1]));
    const numbers = await predicted.data();
    assert.ok(Math.abs(there.total - (numbers[7] - numbers[1])) < 1e-4);
    assert.ok(Math.abs(there.total - at.total) > 0.1, 'x′ is another input');
    tf.dispose([output, predicted]);
    const { reply } = await answer(question, signal, [float32Bytes(other.subarray(1))]);
    assert.equal(codeOf(reply), 'bad-request');
  });

  it('refuse channels of a layer that the linear map does not contain, or of a class that does not exist', async () => {
    const question = { id: 6, op: 'channels', handle, layer: 'pool1', index: 7, most: 3 } as const;
    for (const wrong of [{ layer: 'pool9' }, { index: 10 }, { rival: 0.5 }, { most: 0 }, { most: 1e9 }]) {
      const { reply } = await answer({ ...question, ...wrong }, signal);
      assert.equal(codeOf(reply), 'bad-request', JSON.stringify(wrong));
    }
  });

  it('use the same handle for the same linearization and instance', () => {
    assert.equal(shownInstances.handleOf({ lin, index: 1 }), handle);
    assert.notEqual(shownInstances.handleOf({ lin, index: 0 }), handle);
  });

  it('refuse malformed requests, and repeat the id if there is one', async () => {
    const wrong: unknown[] = [null, {}, { id: 3, op: 'burn', handle }, { id: 3, op: 'cancel', cancels: 2 }];
    for (const indices of [[], [10], [-1], [0.5], 'all', undefined, Array(11).fill(0)]) {
      wrong.push({ id: 3, op: 'rows', handle, indices });
    }
    for (const request of wrong) {
      const { reply, buffers } = await answer(request as CommRequest, signal);
      assert.equal(codeOf(reply), 'bad-request', JSON.stringify(request));
      assert.ok([3, -1].includes(reply.id) && buffers.length === 0);
    }
  });

  it('are gone for an unknown handle and for a linearization that was disposed of', async () => {
    const short = await vectorLinearization();
    const its = shownInstances.handleOf({ lin: short, index: 0 });
    assert.equal(codeOf((await answer({ id: 1, op: 'hello', handle: its }, signal)).reply), 'ok');
    short.dispose();
    for (const name of [its, 'nobody']) {
      const { reply } = await answer({ id: 1, op: 'rows', handle: name, indices: [0] }, signal);
      assert.equal(codeOf(reply), 'gone');
    }
  });

  it('stop when the view has gone', async () => {
    const controller = new AbortController();
    const work = answer({ id: 1, op: 'rows', handle, indices: [0, 1, 2, 3] }, controller.signal);
    controller.abort();
    await assert.rejects(work, { name: 'AbortError' });
  });
});

describe('shown linearizations', () => {
  it('are kept alive for their views, the last 64 of them', async () => {
    const lins = await Promise.all(Array.from({ length: 65 }, () => vectorLinearization()));
    const handles = lins.map(lin => shownInstances.handleOf({ lin, index: 0 }));
    const codes = await Promise.all(
      handles.map(async handle => codeOf((await answer({ id: 1, op: 'hello', handle }, signal)).reply)),
    );
    assert.deepEqual(codes, ['gone', ...Array(64).fill('ok')]);
    for (const lin of lins) lin.dispose();
  });
});

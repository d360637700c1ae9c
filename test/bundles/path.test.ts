import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { DISPLAY, type Embedding } from '../../kernel-ext/src';
import {
  type CommRequest,
  decodeArray,
  float32Values,
  MalformedPayloadError,
  PATH_MIME,
  type PathPayload,
  readPath,
} from '../../kernel-ext/src/payload';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { pathBundle } from '../../kernel-ext/src/bundles/path/path-bundle';
import { path, type Path } from '../../kernel-ext/src/paths/path';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from '../networks/logits';
import { discard, smallEmbedding } from '../tsne/small-embedding';

const signal = new AbortController().signal;

async function payloadOf(line: Path): Promise<PathPayload> {
  const payload = JSON.parse(JSON.stringify((await pathBundle(line))[PATH_MIME])) as PathPayload;
  assert.equal(readPath(payload).regions, line.regions);
  return payload;
}

describe('the bundle of a path', () => {
  useBackend('tensorflow');
  let line: Path;
  let payload: PathPayload;
  /** The model's own logits at 0, 1/1000, … 1, [1001][10]. */
  let sampled: number[][];
  before(async () => {
    const { model, digits } = await mnistCnn();
    const [x, x2] = [digits.instance(0), digits.instance(1)];
    line = await path(model, x, x2);
    payload = await payloadOf(line);
    sampled = tf.tidy(() => {
      const t = tf.linspace(0, 1, 1001).reshape([1001, 1, 1, 1]);
      return logitsOf(model)(x.add(t.mul(x2.sub(x)))).arraySync() as number[][];
    });
    tf.dispose([x, x2]);
  });

  it('contains the outputs that rise highest, all breakpoints, and both inputs', async () => {
    assert.equal(payload.regions, line.regions);
    const t = decodeArray(payload.t, 'array').values;
    assert.equal(t.length, line.regions + 1);
    const values = decodeArray(payload.values.array, 'array').values;
    const { shown } = payload;
    const step = payload.values.array.scale!;
    shown.forEach((c, i) => {
      for (let v = 0; v < t.length; v += 97) {
        const value = values[v * shown.length + i] + payload.values.offset[i];
        assert.ok(Math.abs(value - line.outputs[v * line.classes + c]) < step);
      }
    });
    const ends = [payload.from, payload.to].map(end => decodeArray(end, 'end').values);
    for (const [i, end] of ends.entries()) assert.deepEqual(end, await line.input(i).data());
    assert.deepEqual([...payload.layers].sort(), [...new Set(line.units.flat().map(u => u.layer))].sort());
  });

  it('states where another class becomes the largest, in agreement with the model at 1,001 values of t', () => {
    const { decisions } = payload;
    assert.ok(payload.decides && decisions.length > 0);
    const winner = (t: number) =>
      decisions.reduce((current, d) => (d.t <= t ? d.to : current), decisions[0].from);
    sampled.forEach((logits, k) => {
      if (decisions.some(d => Math.abs(d.t - k / 1000) < 1e-5)) return;
      assert.equal(winner(k / 1000), logits.indexOf(Math.max(...logits)), `at ${k / 1000}`);
    });
    decisions.forEach(d => assert.notEqual(d.from, d.to));
  });

  it('has script-free twins: a picture of the lines with the decisions, and a table', async () => {
    const bundle = await pathBundle(line, { title: 'From 7 to 2 <b>' });
    const svg = bundle['image/svg+xml'] as string;
    assert.ok(svg.includes('From 7 to 2 &lt;b&gt;') && svg.includes('decision'));
    assert.ok(svg.length < 120_000, `${svg.length}`);
    const text = bundle['text/plain'] as string;
    assert.ok(text.includes(`${line.regions.toLocaleString('en')} linear regions`));
    const last = text.split('\n').at(-1)!;
    const top = payload.shown.indexOf(2);
    assert.match(last, /^1\.000/);
    assert.ok(last.includes(sampled[1000][payload.shown[top]].toFixed(2)), last);
    assert.deepEqual(Object.keys(await (line as never as Record<symbol, () => object>)[DISPLAY]()), [
      PATH_MIME,
      'image/svg+xml',
      'text/plain',
    ]);
  });

  it('shows the axes of an embedding as outputs that do not compete', async () => {
    const embedding: Embedding = await smallEmbedding({ epochs: 1 });
    const own = await payloadOf(await path(embedding, 3, 10));
    assert.deepEqual([own.decides, own.decisions, own.labels], [false, [], [...embedding.axes]]);
    discard(embedding);
  });

  it('also works where nothing switches and where there is only one output', async () => {
    const one = await payloadOf(await path((x: tf.Tensor) => x.sum().reshape([1]), [1, 2], [3, 4]));
    assert.deepEqual([one.regions, one.layers, one.decides], [1, [], false]);
  });

  it('has a reader that refuses a payload that was changed', () => {
    const wrong: Partial<PathPayload>[] = [
      { shown: payload.shown.slice(1) },
      { t: payload.layerOf },
      { regions: 3 },
      { decisions: [{ t: 0.5, from: 0, to: 10 }] },
      { layers: [] },
      { to: payload.t },
    ];
    for (const change of wrong)
      assert.throws(() => readPath({ ...payload, ...change }), MalformedPayloadError, JSON.stringify(change));
  });

  it('gives W on the piece that contains t: W·x(t) + b is the output there', async () => {
    const before = tf.memory().numTensors;
    for (const t of [0, 0.337, 1]) {
      const request = { id: 3, op: 'piece', handle: payload.handle, t, index: 7 } as const;
      const { reply, buffers } = await answer(request, signal);
      assert.ok(reply.ok && reply.op === 'piece', JSON.stringify(reply));
      assert.ok(reply.begin <= t && t <= reply.end);
      const x = line.input(t);
      const w = float32Values(buffers[0]);
      const sum = (await x.data<'float32'>()).reduce((total, v, i) => total + v * w[i], reply.bias);
      x.dispose();
      assert.ok(Math.abs(sum - sampled[Math.round(1000 * t)][7]) < 2e-4, `${sum}`);
      assert.equal(reply.units.length > 0, t > 0);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it('refuses malformed questions, and answers gone for an unknown handle', async () => {
    const good = { id: 3, op: 'piece', handle: payload.handle, t: 0.5, index: 7 };
    for (const wrong of [{ t: 1.01 }, { t: -1 }, { t: 'x' }, { index: 10 }, { index: 0.5 }, { t: NaN }]) {
      const { reply } = await answer({ ...good, ...wrong } as CommRequest, signal);
      assert.equal(reply.ok ? 'ok' : reply.code, 'bad-request', JSON.stringify(wrong));
    }
    const { reply } = await answer({ ...good, handle: 'nobody' } as CommRequest, signal);
    assert.equal(reply.ok ? 'ok' : reply.code, 'gone');
  });
});

import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Bundle } from '../../kernel-ext/src';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { type DisplaySink, SINK } from '../../kernel-ext/src/sink/sink';
import {
  type CommRequest,
  EMBEDDING_MIME,
  type EmbeddingPayload,
  readEmbedding,
} from '../../kernel-ext/src/payload';
import { embeddingFaults } from '../payload/sum-faults';
import { discard, smallEmbedding } from '../tsne/small-embedding';

const signal = new AbortController().signal;

interface Shown {
  bundle: Bundle;
  payload: EmbeddingPayload;
  displayId: string | undefined;
  update: boolean | undefined;
}

describe('a training run that is watched', () => {
  let shown: Shown[];
  /** Called with every state that is shown. */
  let onShow: (payload: EmbeddingPayload) => void;

  beforeEach(() => {
    shown = [];
    onShow = () => {};
    const sink: DisplaySink = {
      replaces: true,
      track: () => {},
      display(bundle, { displayId, update } = {}) {
        const payload = JSON.parse(JSON.stringify(bundle[EMBEDDING_MIME])) as EmbeddingPayload;
        shown.push({ bundle, payload, displayId, update });
        onShow(payload);
      },
    };
    (globalThis as { [SINK]?: DisplaySink })[SINK] = sink;
  });
  afterEach(() => delete (globalThis as { [SINK]?: DisplaySink })[SINK]);

  const steer = async (handle: string, wish: string) => {
    const { reply } = await answer({ id: 1, op: 'steer', handle, wish } as CommRequest, signal);
    assert.ok(reply.ok && reply.op === 'steer', JSON.stringify(reply));
    return reply.state;
  };

  it('shows the points moving by themselves before the network learns their coordinates', async () => {
    const embedding = await smallEmbedding({ watch: true, epochs: 5, start: 'non-parametric' });
    const free = shown.filter(({ payload }) => payload.training!.stage === 'non-parametric');
    assert.deepEqual(
      free.map(({ payload }) => payload.training!.epoch),
      Array.from({ length: 50 }, (_, i) => 10 * (i + 1)),
    );
    assert.notEqual(free[0].payload.coordinates.array.data, free[49].payload.coordinates.array.data);
    for (const { payload, bundle } of free) {
      assert.deepEqual(payload.history, []);
      assert.equal(readEmbedding(payload).training!.stage, 'non-parametric');
      assert.match(String(bundle['text/plain']), /without the network yet, iteration \d+ of 500, running/);
    }
    assert.equal(shown.at(-1)!.payload.training!.stage, undefined);
    discard(embedding);
  });

  it('updates one display: points move, curves grow, and at the end it has every form', async () => {
    const tensors = tf.memory().numTensors;
    const embedding = await smallEmbedding({ watch: true, epochs: 5 });
    assert.deepEqual(
      shown.map(({ payload }) => payload.training!.state),
      ['running', 'running', 'running', 'running', 'running', 'done'],
    );
    assert.deepEqual(
      shown.map(({ payload }) => payload.history.length),
      [1, 2, 3, 4, 5, 5],
    );
    assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
    assert.deepEqual(shown.map(({ update }) => update).slice(0, 2), [false, true]);
    assert.notEqual(shown[0].payload.coordinates.array.data, shown[4].payload.coordinates.array.data);
    for (const { payload } of shown) {
      assert.deepEqual(embeddingFaults(payload), []);
      assert.equal(readEmbedding(payload).count, 120);
    }
    assert.ok('text/html' in shown[5].bundle && 'image/png' in shown[5].bundle);
    assert.match(String(shown[5].bundle['text/plain']), /epoch 5 of 5, done/);
    discard(embedding);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('pauses, resumes, and stops early with what it has', async () => {
    const states: string[] = [];
    let isPausedBefore = false;
    onShow = ({ handle, training }) => {
      if (training!.epoch === 2 && training!.state === 'running' && !isPausedBefore) {
        isPausedBefore = true;
        void steer(handle, 'pause').then(state => {
          states.push(state);
          const before = shown.length;
          setTimeout(() => {
            assert.equal(shown.length, before, 'it went on while paused');
            void steer(handle, 'resume').then(resumed => states.push(resumed));
          }, 300);
        });
      }
      if (training!.epoch === 4 && training!.state === 'running')
        void steer(handle, 'stop').then(s => states.push(s));
    };
    const embedding = await smallEmbedding({ watch: true, epochs: 50 });
    assert.deepEqual(states, ['paused', 'running', 'stopped']);
    const last = shown.at(-1)!.payload;
    assert.equal(last.training!.state, 'stopped');
    assert.ok(last.training!.epoch < 20, `${last.training!.epoch} epochs`);
    assert.equal(embedding.length, 120);
    assert.equal(await steer(last.handle, 'resume'), 'stopped', 'a run that is over cannot be resumed');
    discard(embedding);
  });

  it('answers that an embedding cannot explain points while it is being trained', async () => {
    const embedding = await smallEmbedding({ watch: true, epochs: 1 });
    const { handle } = shown[0].payload;
    const { reply } = await answer({ id: 1, op: 'explain', handle, point: 0 }, signal);
    assert.ok(!reply.ok && reply.code === 'bad-request' && /still being trained/.test(reply.message));
    discard(embedding);
  });
});

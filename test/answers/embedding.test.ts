import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { type Embedding, selection } from '../../kernel-ext/src';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { embeddingBundle } from '../../kernel-ext/src/bundles/embedding/embedding-bundle';
import { float32Bytes, float32Values, type CommReply, type CommRequest } from '../../kernel-ext/src/payload';
import { shownEmbeddings } from '../../kernel-ext/src/display/handles';
import { discard, smallEmbedding } from '../tsne/small-embedding';
import { imageEmbedding } from '../bundles/small-image-embedding';

const signal = new AbortController().signal;
const codeOf = (reply: CommReply) => (reply.ok ? 'ok' : reply.code);
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

/** Sums of 64 float32 products near 10. */
const ROUNDING = 1e-4;

describe('answers on the comm about an embedding', () => {
  let embedding: Embedding;
  let handle: string;
  let tensors: number;
  before(async () => {
    embedding = await imageEmbedding();
    handle = shownEmbeddings.handleOf(embedding);
  });
  after(() => discard(embedding));
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, tensors, 'tensors left behind'));

  const ask = (request: object) => answer({ id: 4, handle, ...request } as CommRequest, signal);

  it('explain a point by x, W for both axes, and b, which sum to its coordinates', async () => {
    const { reply, buffers } = await ask({ op: 'explain', point: 5 });
    assert.ok(reply.ok && reply.op === 'explain');
    const [x, w] = buffers.map(float32Values);
    const coordinates = (await embedding.coordinates.array()) as number[][];
    coordinates[5].forEach((place, axis) => {
      const product = sum(x.map((v, i) => v * w[axis * 64 + i]));
      assert.ok(Math.abs(product + reply.bias[axis] - place) < ROUNDING);
    });
  });

  it('name the nearest points in the data and in the embedding', async () => {
    const { reply } = await ask({ op: 'neighbors', point: 5, k: 6 });
    assert.ok(reply.ok && reply.op === 'neighbors');
    const nearest = (rows: number[][]) =>
      [...rows.keys()]
        .filter(i => i !== 5)
        .sort((i, j) => distance(rows[i], rows[5]) - distance(rows[j], rows[5]))
        .slice(0, 6);
    const flat = embedding.points.reshape([120, 64]);
    assert.deepEqual(reply.data, nearest((await flat.array()) as number[][]));
    assert.deepEqual(reply.embedding, nearest(await embedding.coordinates.array()));
    flat.dispose();
  });

  it('give thumbnails side by side', async () => {
    const { reply, buffers } = await ask({ op: 'thumbnails', points: [3, 1, 9] });
    assert.ok(reply.ok && reply.op === 'thumbnails');
    const { width, height } = PNG.sync.read(Buffer.from(buffers[0]));
    assert.deepEqual([width, height, reply.inked], [3 * reply.width, reply.height, true]);
  });

  it('compare two points by contributions that sum to their coordinates, and by the displacements that W predicts', async () => {
    const { reply, buffers } = await ask({ op: 'compare', groups: [[3], [10]] });
    assert.ok(reply.ok && reply.op === 'compare');
    const arrays = buffers.map(float32Values);
    const coordinates = (await embedding.coordinates.array()) as number[][];
    [3, 10].forEach((point, g) => {
      coordinates[point].forEach((place, axis) => {
        const total = sum(arrays[g].slice(axis * 64, axis * 64 + 64)) + reply.groups[g].bias[axis];
        assert.ok(Math.abs(total - place) < ROUNDING, `${total}, ${place}`);
      });
    });
    assert.ok(Math.abs(sum(arrays[2].slice(0, 64)) - reply.displacements![0][0]) < ROUNDING);
    assert.ok(Math.abs(sum(arrays[3].slice(64)) - reply.displacements![1][1]) < ROUNDING);
  });

  it('split the displacement between two points, or two groups, into parts of the input that sum to it', async () => {
    const coordinates = (await embedding.coordinates.array()) as number[][];
    for (const [first, second] of [
      [[3], [10]],
      [embedding.members('down').slice(0, 3), embedding.members('across').slice(0, 2)],
    ]) {
      const { reply, buffers } = await ask({ op: 'apart', groups: [first, second] });
      assert.ok(reply.ok && reply.op === 'apart', JSON.stringify(reply));
      const mean = (points: readonly number[], axis: number) =>
        points.reduce((total, p) => total + coordinates[p][axis] / points.length, 0);
      const parts = float32Values(buffers[0]);
      [0, 1].forEach(axis => {
        const way = mean(second, axis) - mean(first, axis);
        const total = sum(parts.slice(axis * 64, axis * 64 + 64));
        for (const value of [total, reply.sums[axis], reply.actual[axis]])
          assert.ok(Math.abs(value - way) < ROUNDING, `${value}, ${way}`);
      });
      assert.deepEqual(reply.points, [first.length, second.length]);
      assert.ok(reply.regions >= 1);
    }
  });

  it('let eight points represent a large group', async () => {
    const { reply } = await ask({ op: 'apart', groups: [embedding.members('down'), [7]] });
    assert.ok(reply.ok && reply.op === 'apart');
    assert.deepEqual(reply.points, [8, 1]);
  });

  it('give the coordinates that the network assigns to another input', async () => {
    const x = Float32Array.from({ length: 64 }, (_, i) => (i % 5) / 5);
    const request = { id: 4, op: 'transform', handle } as CommRequest;
    const { reply } = await answer(request, signal, [float32Bytes(x)]);
    assert.ok(reply.ok && reply.op === 'transform', JSON.stringify(reply));
    const input = tf.tensor(x, [1, ...embedding.points.shape.slice(1)]);
    const y = embedding.model.predict(input) as tf.Tensor;
    const wanted = await y.data();
    reply.coordinates.forEach((v, axis) => assert.ok(Math.abs(v - wanted[axis]) < ROUNDING));
    tf.dispose([input, y]);
    for (const buffers of [[], [float32Bytes(x.slice(1))], [float32Bytes(x.fill(NaN))]])
      assert.equal(codeOf((await answer(request, signal, buffers)).reply), 'bad-request');
  });

  it('compare two groups by their means', async () => {
    const groups = [embedding.members('down'), embedding.members('across')];
    const { reply, buffers } = await ask({ op: 'compare', groups });
    assert.ok(reply.ok && reply.op === 'compare');
    assert.deepEqual([reply.displacements, buffers.length, reply.groups[0].points], [null, 2, 40]);
    const total = sum(float32Values(buffers[0]).slice(0, 64)) + reply.groups[0].bias[0];
    assert.ok(Math.abs(total - reply.groups[0].center[0]) < ROUNDING);
  });

  it('accept a selection, and pass it to code as indices and labels', async () => {
    const waiting = selection(embedding);
    assert.equal(codeOf((await ask({ op: 'select', points: [7, 2] })).reply), 'ok');
    assert.deepEqual(await waiting, { indices: [2, 7], labels: ['slanted', 'down'], names: null });
    assert.deepEqual((await selection(embedding)).indices, [2, 7]);
  });

  it('add the names under which its points were plotted to a selection', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `image ${i}`);
    await embeddingBundle(embedding, { names });
    await ask({ op: 'select', points: [7, 2] });
    assert.deepEqual((await selection(embedding)).names, ['image 2', 'image 7']);
  });

  it('refuse malformed requests', async () => {
    const wrong: object[] = [
      { op: 'explain' },
      { op: 'explain', point: 120 },
      { op: 'neighbors', point: 1, k: 0 },
      { op: 'neighbors', point: 1, k: 1e9 },
      { op: 'thumbnails', points: Array(65).fill(0) },
      { op: 'thumbnails', points: 'all' },
      { op: 'compare', groups: [[1]] },
      { op: 'apart', groups: [[1], []] },
      { op: 'compare', groups: [[1], [0.5]] },
      { op: 'select', points: [-1] },
      { op: 'steer', wish: 'stop' },
    ];
    for (const request of wrong)
      assert.equal(codeOf((await ask(request)).reply), 'bad-request', JSON.stringify(request));
    assert.equal(codeOf((await ask({ op: 'explain', handle: 'nobody', point: 1 })).reply), 'gone');
  });
});

describe('an embedding that was disposed of', () => {
  it('answers gone, and has an empty selection if code does not wait', async () => {
    const embedding = await smallEmbedding({ epochs: 1 });
    const handle = shownEmbeddings.handleOf(embedding);
    assert.deepEqual((await selection(embedding, { wait: false })).indices, []);
    const controller = new AbortController();
    const waiting = selection(embedding, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    discard(embedding);
    const { reply } = await answer({ id: 1, op: 'explain', handle, point: 0 }, signal);
    assert.equal(codeOf(reply), 'gone');
  });
});

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + (value - b[i]) ** 2, 0);
}

import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { Sanitizer } from '@jupyterlab/apputils/lib/sanitizer';
import { PNG } from 'pngjs';
import { DISPLAY, type Embedding } from '../../kernel-ext/src';
import { DisposedError, UnknownPointError } from '../../kernel-ext/src/public-errors';
import {
  decodeArray,
  EMBEDDING_MIME,
  type EmbeddingPayload,
  MalformedPayloadError,
  readEmbedding,
  UnknownVersionError,
} from '../../kernel-ext/src/payload';
import { embeddingBundle } from '../../kernel-ext/src/bundles/embedding/embedding-bundle';
import type { EmbeddingView } from '../../kernel-ext/src/bundles/embedding/embedding-payload';
import { ColumnLengthError } from '../../kernel-ext/src/display/errors';
import { coordinatesOf } from '../../kernel-ext/src/bundles/embedding/embedding-facts';
import { embeddingFaults } from '../payload/sum-faults';
import { discard, smallEmbedding, smallNetwork } from '../tsne/small-embedding';
import { imageEmbedding } from './small-image-embedding';

async function bundleOf(embedding: Embedding, view?: EmbeddingView) {
  const bundle = await embeddingBundle(embedding, view);
  return {
    payload: JSON.parse(JSON.stringify(bundle[EMBEDDING_MIME])) as EmbeddingPayload,
    html: bundle['text/html'] as string,
    png: bundle['image/png'] as string,
    text: bundle['text/plain'] as string,
  };
}

function assertSound(payload: EmbeddingPayload): void {
  assert.deepEqual(embeddingFaults(payload), []);
}

describe('the bundle of an embedding', () => {
  let embedding: Embedding;
  let tensors: number;
  before(async () => void (embedding = await imageEmbedding()));
  after(() => discard(embedding));
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, tensors, 'tensors left behind'));

  it('has a payload that its reader accepts, with every point, its class and its coordinates to 1/65,534', async () => {
    const { payload } = await bundleOf(embedding);
    assertSound(payload);
    const coordinates = await embedding.coordinates.data();
    const step = payload.coordinates.array.scale!;
    coordinatesOf(payload).forEach((value, i) => assert.ok(Math.abs(value - coordinates[i]) <= 0.51 * step));
    assert.deepEqual(payload.classes?.names, ['across', 'down', 'slanted']);
    assert.deepEqual([...decodeArray(payload.classes!.of, 'array').values.slice(0, 4)], [0, 1, 2, 0]);
  });

  it('explains exactly why the requested point has its coordinates: they are W·x + b', async () => {
    const { payload, text } = await bundleOf(embedding, { point: [7, 3] });
    const coordinates = (await embedding.coordinates.array()) as number[][];
    assert.deepEqual(
      payload.explained.map(({ index }) => index),
      [7, 3],
    );
    payload.explained[0].output.forEach((value, axis) =>
      assert.ok(Math.abs(value - coordinates[7][axis]) < 1e-4),
    );
    assert.ok(payload.explained.every(({ exact, residual }) => exact && residual.relative < 1e-5));
    assert.match(text, /^point 7 \(down\)\naxis 1: [−\d.]+ = W·x [+−\d.]+ \+ b [+−\d.]+$/m);
  });

  it('has measures, the training’s history, and images of the points in one picture', async () => {
    const { payload } = await bundleOf(embedding, { thumbnails: 30 });
    const { trustworthiness, knnError1 } = await embedding.quality({ sample: 1000 });
    assert.deepEqual(
      [payload.measures?.trustworthiness, payload.measures?.knnError1],
      [trustworthiness, knnError1],
    );
    assert.equal(payload.history.length, 20);
    const { png, of, columns, width, height } = payload.thumbnails!;
    const picture = PNG.sync.read(Buffer.from(png, 'base64'));
    assert.deepEqual([columns * width, Math.ceil(30 / columns) * height], [picture.width, picture.height]);
    assert.deepEqual([...decodeArray(of, 'array').values.slice(0, 3)], [0, 4, 8]);
    assertSound(payload);
  });

  it('shows an even selection of the points on request, and states which ones', async () => {
    const { payload, html } = await bundleOf(embedding, { points: 30, measures: false, point: 8 });
    assertSound(payload);
    assert.deepEqual([...decodeArray(payload.indices!, 'array').values.slice(0, 3)], [0, 4, 8]);
    assert.match(html, /120 points, 30 of them shown/);
  });

  it('contains columns and names, one entry per point', async () => {
    const ink = Array.from({ length: 120 }, (_, i) => i / 10);
    const { payload } = await bundleOf(embedding, { columns: { ink }, names: ink.map(v => `n${v}`) });
    assertSound(payload);
    const { array, offset } = payload.columns[0].values;
    decodeArray(array, 'array').values.forEach((v, i) => assert.ok(Math.abs(v + offset[0] - ink[i]) < 1e-3));
    await assert.rejects(embeddingBundle(embedding, { columns: { ink: [1] } }), ColumnLengthError);
    await assert.rejects(embeddingBundle(embedding, { names: ['a'] }), ColumnLengthError);
    await assert.rejects(embeddingBundle(embedding, { point: 120 }), UnknownPointError);
  });

  it('has a page without scripts that loses nothing to JupyterLab’s sanitizer', async () => {
    const { html } = await bundleOf(embedding);
    assert.ok(Buffer.byteLength(html) <= 96 * 1024);
    const words = (page: string) => page.replace(/<[^>]*>/g, '').replaceAll('&ensp;', '\u2002');
    const clean = new Sanitizer().sanitize(html);
    assert.equal(words(clean), words(html));
    assert.equal(clean.match(/<img/g)?.length, 4);
    assert.match(html, />across<\/td>/);
  });

  it('shows itself at the end of a cell', async () => {
    const own = (embedding as unknown as Record<symbol, () => Promise<object>>)[DISPLAY];
    assert.deepEqual(Object.keys(await own.call(embedding)).sort(), [
      EMBEDDING_MIME,
      'image/png',
      'text/html',
      'text/plain',
    ]);
  });
});

describe('the bundle of an embedding of vectors', () => {
  it('lists what adds most instead of images, and escapes labels', async () => {
    const embedding = await smallEmbedding({
      labels: Array.from({ length: 120 }, (_, i) => (i % 2 ? '<script>' : null)),
    });
    const { payload, html } = await bundleOf(embedding);
    assertSound(payload);
    assert.equal(payload.thumbnails, undefined);
    assert.ok(!html.includes('<script') && html.includes('&lt;script&gt;'));
    assert.match(html, /x\[\d\]/);
    discard(embedding);
    await assert.rejects(embeddingBundle(embedding), DisposedError);
  });

  it('shows the first two of several axes, and an embedding with one axis as a line', async () => {
    for (const dimensions of [1, 3]) {
      const embedding = await smallEmbedding({ epochs: 1, model: smallNetwork(6, dimensions) });
      const { payload } = await bundleOf(embedding);
      assertSound(payload);
      assert.equal(payload.axes.length, Math.min(2, dimensions));
      discard(embedding);
    }
  });
});

describe('the reader of an embedding’s payload', () => {
  it('refuses missing or wrong fields, and names them', async () => {
    const embedding = await imageEmbedding({ epochs: 1 });
    const { payload } = await bundleOf(embedding);
    discard(embedding);
    const refuses = (change: Partial<EmbeddingPayload>, field: string) =>
      assert.throws(
        () => readEmbedding({ ...payload, ...change }),
        (error: unknown) => error instanceof MalformedPayloadError && error.field === field,
      );
    assert.throws(() => readEmbedding({ ...payload, schemaVersion: '2.0' }), UnknownVersionError);
    const [explained] = payload.explained;
    refuses({ axes: [] }, 'axes');
    refuses({ total: 121 }, 'indices');
    refuses({ names: ['a'] }, 'names');
    refuses({ classes: { names: ['a'], of: payload.classes!.of } }, 'classes.of');
    refuses({ explained: [{ ...explained, index: 120 }] }, 'explained[0].index');
    refuses({ inputShape: [64] }, 'explained[0].input.shape');
    const wrong = { ...payload, explained: [{ ...explained, bias: explained.bias.map(b => b + 1) }] };
    assert.match(embeddingFaults(wrong).join('\n'), /W·x \+ b is/);
  });
});

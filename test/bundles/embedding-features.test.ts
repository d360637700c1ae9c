import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearize, loadEmbedding, path, tsne, type TsneOptions } from '../../kernel-ext/src';
import { embeddingBundle } from '../../kernel-ext/src/bundles/embedding/embedding-bundle';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { pathBundle } from '../../kernel-ext/src/bundles/path/path-bundle';
import { LabeledData } from '../../kernel-ext/src/data/labeled-data';
import {
  EMBEDDING_MIME,
  type EmbeddingPayload,
  LINEARIZATION_MIME,
  type LinearizationPayload,
  MalformedPayloadError,
  PATH_MIME,
  type PathPayload,
  readEmbedding,
  readPath,
} from '../../kernel-ext/src/payload';
import { NameCountError } from '../../kernel-ext/src/public-errors';
import { discard, smallNetwork } from '../tsne/small-embedding';

const COLUMNS = ['radius', 'mean <b>', 'texture & co', 'área', '半径', 'x[9]'];

/** A table of 24 rows whose columns have names. */
function table(columns = COLUMNS) {
  const values = Float32Array.from({ length: 24 * 6 }, (_, k) => Math.sin(k * k) + (k % 12 < 6 ? 2 : 0));
  const labels = Uint8Array.from({ length: 24 }, (_, i) => i % 2);
  return new LabeledData({ values, shape: [6], labels, names: ['a', 'b'], columns });
}

const embed = (data: Parameters<typeof tsne>[0], options: TsneOptions = {}) =>
  tsne(data, { model: smallNetwork(), epochs: 2, perplexity: 4, start: 'random', ...options });

describe('names of the numbers of a point', () => {
  let tensors: number;
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, tensors, 'tensors left behind'));

  it('are the columns of a table, in the payload, in the page and in linearizations', async () => {
    const embedding = await embed(table());
    assert.deepEqual(embedding.features, COLUMNS);
    const bundle = await embeddingBundle(embedding);
    const payload = bundle[EMBEDDING_MIME] as EmbeddingPayload;
    assert.deepEqual(readEmbedding(JSON.parse(JSON.stringify(payload))).features, COLUMNS);
    const html = bundle['text/html'] as string;
    for (const name of ['radius', 'mean &lt;b&gt;', 'texture &amp; co', 'área', '半径'])
      assert.ok(html.includes(`>${name}</td>`), name);
    assert.doesNotMatch(html, />x\[[0-8]\]</);
    const lin = await linearize(embedding, 3);
    const shown = (await linearizationBundle(lin))[LINEARIZATION_MIME] as LinearizationPayload;
    assert.deepEqual(shown.features, COLUMNS);
    lin.dispose();
    discard(embedding);
  });

  it('are in the payload of a path between two points', async () => {
    const embedding = await embed(table());
    const line = await path(embedding, 0, 3);
    const payload = (await pathBundle(line))[PATH_MIME] as PathPayload;
    assert.deepEqual(readPath(JSON.parse(JSON.stringify(payload))).features, COLUMNS);
    assert.throws(() => readPath({ ...payload, features: COLUMNS.slice(1) }), MalformedPayloadError);
    const plain = await path(embedding.model, [0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6]);
    assert.equal(plain.features, null);
    assert.ok(!('features' in ((await pathBundle(plain))[PATH_MIME] as PathPayload)));
    discard(embedding);
  });

  it('do not name the units of a layer at which a linearization starts', async () => {
    const embedding = await embed(table());
    const lin = await linearize(embedding, 3, { from: 'hidden' });
    assert.equal(lin.features, null);
    lin.dispose();
    discard(embedding);
  });

  it('may be given instead, and have to be as many as the numbers of a point', async () => {
    const own = ['1', '2', '3', '4', '5', '6'];
    const embedding = await embed(table(), { features: own });
    assert.deepEqual(embedding.features, own);
    discard(embedding);
    const model = smallNetwork();
    await assert.rejects(
      tsne(table(), { model, features: own.slice(1) }),
      (e: unknown) => e instanceof NameCountError && e.received === 5 && e.wanted === 6,
    );
    model.dispose();
  });

  it('are positions where there are none', async () => {
    const embedding = await embed(table([]));
    assert.equal(embedding.features, null);
    const bundle = await embeddingBundle(embedding);
    assert.match(bundle['text/html'] as string, />x\[5\]<\/td>/);
    discard(embedding);
  });

  it('come back with the data when an embedding is loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'piecewise-'));
    try {
      const embedding = await embed(table());
      await embedding.save(folder);
      discard(embedding);
      const loaded = await loadEmbedding(folder, table());
      assert.deepEqual(loaded.features, COLUMNS);
      loaded.dispose();
      await assert.rejects(loadEmbedding(folder, table(), { features: ['a'] }), NameCountError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

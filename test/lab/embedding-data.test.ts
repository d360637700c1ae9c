import '../backend';
import assert from 'node:assert/strict';
import { embeddingPayload } from '../../kernel-ext/src/bundles/embedding/embedding-payload';
import type { EmbeddingPayload } from '../../kernel-ext/src/payload';
import { MalformedPayloadError, UnknownVersionError, readEmbedding } from 'piecewise/payload';
import { imageEmbedding } from '../bundles/small-image-embedding';
import { discard } from '../tsne/small-embedding';
import { refusesDamaged } from './refuses-damaged';
import { refusesEach } from './refuses-each';
import { seeded } from './random-net';

describe('readEmbedding(payload)', () => {
  let text: string;
  let coordinates: Float32Array;
  before(async () => {
    const embedding = await imageEmbedding({ epochs: 2 });
    const columns = { ink: Array.from({ length: 120 }, (_, i) => i) };
    const names = Array.from({ length: 120 }, (_, i) => `n${i}`);
    text = JSON.stringify(
      await embeddingPayload(embedding, { point: [3, 0], columns, names, thumbnails: 20 }, 'h'),
    );
    coordinates = (await embedding.coordinates.data()) as Float32Array;
    discard(embedding);
  });

  const good = () => JSON.parse(text) as EmbeddingPayload;
  function changed(change: (payload: EmbeddingPayload) => void): unknown {
    const payload = good();
    change(payload);
    return payload;
  }

  it('decodes coordinates, classes, columns, names, images and explanations as the kernel wrote them', () => {
    const embedding = readEmbedding(good());
    const step = good().coordinates.array.scale!;
    embedding.across.forEach((v, i) => assert.ok(Math.abs(v - coordinates[2 * i]) <= 0.51 * step));
    embedding.up.forEach((v, i) => assert.ok(Math.abs(v - coordinates[2 * i + 1]) <= 0.51 * step));
    assert.deepEqual(
      [embedding.count, embedding.classes?.names.length, embedding.names?.[7]],
      [120, 3, 'n7'],
    );
    assert.ok(Math.abs(embedding.columns[0].high - 119) < 0.01);
    assert.equal(embedding.thumbnails?.positions.get(6), 1);
    const reason = embedding.explained.get(3)!;
    reason.output.forEach((value, axis) => {
      const sum = reason.contributions[axis].reduce((total, v) => total + v, reason.bias[axis]);
      assert.ok(Math.abs(sum - value) < 1e-4 * Math.max(1, Math.abs(value)));
    });
  });

  it('reads a newer minor version and refuses another major one', () => {
    assert.equal(
      readEmbedding(changed(p => Object.assign(p, { schemaVersion: '1.7', density: {} }))).count,
      120,
    );
    assert.throws(() => readEmbedding(changed(p => (p.schemaVersion = '2.0'))), UnknownVersionError);
  });

  const broken: [string, (p: EmbeddingPayload) => void, string][] = [
    ['a length of 10^9', p => (p.coordinates.array.shape = [1e9, 2]), 'coordinates.array.shape'],
    ['coordinates of three axes', p => (p.coordinates.array.shape = [80, 3]), 'coordinates.array.shape'],
    [
      'an offset that is not a number',
      p => Object.assign(p.coordinates, { offset: [0, null] }),
      'coordinates.offset[1]',
    ],
    ['points that are not identified', p => (p.total = 121), 'indices'],
    ['a class that does not exist', p => p.classes!.names.splice(0, 2), 'classes.of'],
    ['names of other features', p => (p.features = ['one']), 'features'],
    ['fewer names than points', p => p.names!.pop(), 'names'],
    [
      'a column of another length',
      p => (p.columns[0].values.array.shape = [60]),
      'columns[0].values.array.data',
    ],
    ['a picture that is not a PNG', p => (p.thumbnails!.png = 'R0lGODlh'), 'thumbnails.png'],
    ['a picture of another size', p => (p.thumbnails!.width = 200), 'thumbnails.png'],
    ['an explained point that does not exist', p => (p.explained[0].index = 120), 'explained[0].index'],
    ['W of another shape', p => (p.explained[0].weights.shape = [64, 2]), 'explained[0].weights.shape'],
    [
      'an unknown state',
      p => Object.assign(p, { training: { epoch: 1, epochs: 2, state: 'up' } }),
      'training.state',
    ],
  ];
  refusesEach(broken, breakIt => readEmbedding(changed(breakIt)));

  it('takes nothing from a prototype', () => {
    assert.throws(() => readEmbedding(Object.create(good()) as unknown), MalformedPayloadError);
  });

  it('refuses or reads each of 400 damaged payloads, and never fails otherwise', () => {
    refusesDamaged(seeded(3), changed, payload => readEmbedding(payload));
  });
});

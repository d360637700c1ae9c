import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../../kernel-ext/src';
import { EmptyGroupError, UnknownPointError } from '../../kernel-ext/src/public-errors';
import { predictedDisplacement } from '../../kernel-ext/src/tsne/predicted-displacement';
import { assertClose, taken } from '../linear-map/close';
import { discard, smallEmbedding } from './small-embedding';

/** Sums over some dozen pieces of a path. */
const ROUNDING = 1e-5;

describe('embedding.displacement', () => {
  let embedding: Embedding;
  before(async () => void (embedding = await smallEmbedding()));
  after(() => discard(embedding));

  it('splits the displacement of two points over the input, whatever linear regions lie between them', async () => {
    const before = tf.memory().numTensors;
    const { actual, parts, sums, regions } = await embedding.displacement(0, 1);
    const [a, b] = (await embedding.coordinates.array()).slice(0, 2);
    assertClose(
      'actual',
      actual,
      b.map((v, axis) => v - a[axis]),
    );
    assertClose('the parts', sums, actual, ROUNDING);
    assert.deepEqual(parts.shape, [2, 6]);
    assert.ok(regions > 1);
    const { atFrom, atTo } = await predictedDisplacement(embedding, 0, 1);
    const off = Math.hypot(...sums.map((sum, axis) => sum - actual[axis]));
    assert.ok(Math.min(atFrom.error, atTo.error) > 100 * off, 'where W at either end is off');
    tf.dispose([parts, atFrom.contribution, atTo.contribution]);
    assert.equal(tf.memory().numTensors, before);
  });

  it('splits the displacement of the means of two groups', async () => {
    const before = tf.memory().numTensors;
    const groups = [
      [0, 3, 6, 9],
      [1, 4, 7],
    ];
    const { actual, parts, sums } = await embedding.displacement(groups[0], groups[1]);
    const coordinates = (await embedding.coordinates.array()) as number[][];
    const mean = (group: number[], axis: number) =>
      group.reduce((sum, i) => sum + coordinates[i][axis], 0) / group.length;
    const right = [0, 1].map(axis => mean(groups[1], axis) - mean(groups[0], axis));
    assertClose('actual', actual, right, ROUNDING);
    const numbers = await taken(parts);
    const totals = [0, 1].map(axis => numbers.subarray(axis * 6, axis * 6 + 6).reduce((a, b) => a + b, 0));
    assertClose('the parts', totals, right, ROUNDING);
    assertClose('the sums', sums, right, ROUNDING);
    await assert.rejects(embedding.displacement('a', 'd'), UnknownPointError);
    await assert.rejects(embedding.displacement('a', []), EmptyGroupError);
    assert.equal(tf.memory().numTensors, before);
  });
});

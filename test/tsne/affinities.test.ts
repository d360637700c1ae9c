import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { affinities } from '../../kernel-ext/src/tsne/affinities';
import { NeighborCountError, PerplexityError } from '../../kernel-ext/src/tsne/errors';
import { nearestNeighbors } from '../../kernel-ext/src/tsne/neighbors';
import { conditionalProbabilities, PERPLEXITY_TOLERANCE } from '../../kernel-ext/src/tsne/perplexity';
import type { Rows } from '../../kernel-ext/src/tsne/points';
import type { SparseGraph } from '../../kernel-ext/src/tsne/sparse-graph';
import { reference, rows, train } from './reference';

const { perplexity } = reference;
/** Both sides stop within 1e-5 of the desired log-perplexity; measured here: 4e-5 of the largest p. */
const CALIBRATION = 1e-4;

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

function dense({ points, starts, columns, weights }: SparseGraph): number[][] {
  const matrix = Array.from({ length: points }, () => new Array<number>(points).fill(0));
  matrix.forEach((row, i) => {
    for (let e = starts[i]; e < starts[i + 1]; e++) row[columns[e]] = weights[e];
  });
  return matrix;
}

describe('affinities', () => {
  it('of all pairs are those of scikit-learn', async () => {
    const before = tf.memory().numTensors;
    const p = dense(await affinities(train.data, { perplexity, allPairs: true }));
    assert.equal(tf.memory().numTensors, before);
    const largest = Math.max(...reference.p);
    const ours = p.flatMap((row, i) => row.slice(i + 1));
    assert.equal(ours.length, reference.p.length);
    ours.forEach((value, i) => assert.ok(Math.abs(value - reference.p[i]) < CALIBRATION * largest));
    assert.ok(Math.abs(sum(p.flat()) - 1) < 1e-6);
  });

  it('of nearest neighbors have the edges and weights of scikit-learn', async () => {
    const graph = await affinities(train.data, { perplexity, allPairs: false });
    const expected = dense({
      points: 100,
      starts: Int32Array.from(reference.sparse.starts),
      columns: Int32Array.from(reference.sparse.columns),
      weights: Float32Array.from(reference.sparse.weights),
    });
    const largest = Math.max(...expected.flat());
    dense(graph).forEach((row, i) =>
      row.forEach((value, j) => assert.ok(Math.abs(value - expected[i][j]) < CALIBRATION * largest)),
    );
  });

  it('are symmetric, and those of several perplexities are the mean', async () => {
    const several = dense(await affinities(train.data, { perplexity: [5, 20], allPairs: true }));
    const five = dense(await affinities(train.data, { perplexity: 5, allPairs: true }));
    const twenty = dense(await affinities(train.data, { perplexity: 20, allPairs: true }));
    several.forEach((row, i) =>
      row.forEach((value, j) => {
        assert.equal(value, several[j][i]);
        assert.ok(Math.abs(value - (five[i][j] + twenty[i][j]) / 2) < 1e-9);
      }),
    );
  });

  it('do not change when a constant column is added', async () => {
    const constant = rows(reference.data.slice(0, 100).map(line => [...line, 7]));
    assert.deepEqual(
      await affinities(constant, { perplexity }),
      await affinities(train.data, { perplexity }),
    );
  });

  it('of duplicates are finite: they share all that the perplexity leaves', async () => {
    const copies = rows(Array.from({ length: 40 }, (_, i) => [i < 20 ? 1 : i]));
    const p = await affinities(copies, { perplexity: 5 });
    assert.ok(p.weights.every(Number.isFinite));
    assert.ok(Math.abs(sum(p.weights) - 1) < 1e-6);
  });

  it('refuse a perplexity out of range, naming the bounds', async () => {
    for (const bad of [0, 1, 99, 500, NaN]) {
      await assert.rejects(
        affinities(train.data, { perplexity: bad }),
        (e: unknown) =>
          e instanceof PerplexityError && Object.is(e.perplexity, bad) && e.message.includes('less than 99'),
      );
    }
  });
});

describe('the perplexity of a point', () => {
  it('is met to 1e-5 in its logarithm, over twelve orders of magnitude of the distances', () => {
    for (const scale of [1e-6, 1, 1e6]) {
      const squared = Float64Array.from({ length: 90 }, (_, i) => scale * (1 + i * i));
      const p = new Float64Array(90);
      assert.ok(conditionalProbabilities(squared, 30, p) <= PERPLEXITY_TOLERANCE);
      const entropy = -sum(p.map(v => (v > 0 ? v * Math.log(v) : 0)));
      assert.ok(Math.abs(entropy - Math.log(30)) <= PERPLEXITY_TOLERANCE);
      assert.ok(Math.abs(sum(p) - 1) < 1e-12);
    }
  });
});

describe('nearest neighbors', () => {
  const random = (count: number): Rows => {
    const tensor = tf.randomNormal([count, 16], 0, 1, 'float32', 1);
    const values = tensor.dataSync<'float32'>();
    tensor.dispose();
    return { count, width: 16, values };
  };

  it('of all pairs are the nearest by float64 distances, and a point is not its own neighbor', async () => {
    const { count, width, values } = random(60);
    const { indices, squared } = await nearestNeighbors({ count, width, values }, 5);
    for (let i = 0; i < count; i++) {
      const distances = Array.from({ length: count }, (_, j) => {
        const line = Array.from({ length: width }, (_, d) => values[i * width + d] - values[j * width + d]);
        return { j, distance: sum(line.map(v => v * v)) };
      }).filter(({ j }) => j !== i);
      distances.sort((a, b) => a.distance - b.distance);
      const expected = distances.slice(0, 5);
      assert.deepEqual(
        [...indices.subarray(5 * i, 5 * i + 5)],
        expected.map(({ j }) => j),
      );
      expected.forEach(({ distance }, r) => assert.ok(Math.abs(squared[5 * i + r] - distance) < 1e-12));
    }
  });

  it('by a small world graph are nearly all of them, and the same each time', async () => {
    const points = random(3000);
    const exact = await nearestNeighbors(points, 15, 'exact');
    const found = await nearestNeighbors(points, 15, 'approximate');
    const hits = found.indices.filter((j, e) => {
      const row = 15 * Math.floor(e / 15);
      return exact.indices.subarray(row, row + 15).includes(j);
    });
    assert.ok(hits.length / found.indices.length > 0.98, `recall ${hits.length / found.indices.length}`);
    assert.deepEqual(await nearestNeighbors(points, 15, 'approximate'), found);
  });

  it('refuse more neighbors than there are, and stop at a signal', async () => {
    for (const k of [0, 60, 2.5]) await assert.rejects(nearestNeighbors(random(60), k), NeighborCountError);
    const before = tf.memory().numTensors;
    const stopped = AbortSignal.abort(new Error('enough'));
    await assert.rejects(nearestNeighbors(random(60), 5, 'exact', { signal: stopped }), /enough/);
    assert.equal(tf.memory().numTensors, before);
  });
});

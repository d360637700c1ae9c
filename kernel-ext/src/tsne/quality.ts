import * as tf from '@tensorflow/tfjs';
import { NameCountError } from '../errors';
import { NeighborCountError } from './errors';
import { nearestOf } from './nearest-of';
import type { Rows } from './points';
import { averageRanks, ranksOf } from './ranks';
import type { SparseGraph } from './sparse-graph';
import { squaredDistance } from './squared-distance';
import type { Steps } from './steps';

/** Distances from this many points to all others are computed together. */
const TILE = 256;

/**
 * Whether neighbors in the embedding are neighbors in the data (Venna & Kaski 2001): 1 − 2/(N·k·(2N − 3k − 1)) · Σ (r − k)
 * over the k nearest in the embedding, where r is the rank in the data. 1 is best, and 0 is worst; k must be below N/2.
 * @throws NeighborCountError
 */
export function* trustworthiness(data: Rows, embedded: Rows, k = 12): Steps<number> {
  const n = data.count;
  if (!Number.isInteger(k) || k < 1 || k >= n / 2) throw new NeighborCountError(k, n);
  let penalty = 0;
  yield* eachRow([data, embedded], (i, [inData, inEmbedding]) => {
    const ranks = ranksOf(inData, nearestOf(inEmbedding, k, i), i);
    for (let at = 0; at < k; at++) penalty += Math.max(0, ranks[at] - k);
  });
  return 1 - (2 * penalty) / (n * k * (2 * n - 3 * k - 1));
}

/** Whether neighbors in the data are neighbors in the embedding: trustworthiness with the two swapped. */
export const continuity = (data: Rows, embedded: Rows, k = 12): Steps<number> =>
  trustworthiness(embedded, data, k);

/**
 * Share of points whose k nearest neighbors in the embedding vote for another class than theirs. Among classes with equally
 * many votes, the first in sorted order wins, as in scikit-learn.
 *
 * @param embedded the points that vote, with their labels
 * @param test points to classify; default: the voting points, each by the others
 * @throws NameCountError, NeighborCountError
 */
export function* knnError(
  embedded: Rows,
  labels: readonly string[],
  k: number,
  test?: { embedded: Rows; labels: readonly string[] },
): Steps<number> {
  const asked = test ?? { embedded, labels };
  let wrong = 0;
  yield* votes(embedded, labels, k, test, (voters, i) => {
    if (winner(voters.map(j => labels[j])) !== asked.labels[i]) wrong++;
  });
  return wrong / asked.embedded.count;
}

/** Mean share of a point's k nearest neighbors in the embedding that are of its own class. */
export function* neighborhoodHit(embedded: Rows, labels: readonly string[], k: number): Steps<number> {
  let hits = 0;
  yield* votes(embedded, labels, k, undefined, (voters, i) => {
    hits += voters.filter(j => labels[j] === labels[i]).length;
  });
  return hits / (embedded.count * k);
}

/**
 * Spearman's rank correlation between the distances of all pairs in the data and in the embedding (the goodness of a
 * Shepard diagram). It needs memory for N²/2 numbers, so pass at most a few thousand points.
 */
export function* shepardCorrelation(data: Rows, embedded: Rows): Steps<number> {
  const pairs = (data.count * (data.count - 1)) / 2;
  const lists = [new Float32Array(pairs), new Float32Array(pairs)];
  let at = 0;
  yield* eachRow([data, embedded], (i, rows) => {
    lists.forEach((list, which) => list.set(rows[which].subarray(i + 1), at));
    at += data.count - i - 1;
  });
  const a = averageRanks(lists[0]);
  yield 1;
  const b = averageRanks(lists[1]);
  yield 1;
  return correlation(a, b);
}

/**
 * KL(P ‖ Q) in nats, with Q from the embedding by Student's t with α degrees of freedom: q_ij ∝ (1 + d²/α)^(−(α + 1)/2), normalized
 * over all pairs (van der Maaten 2009).
 */
export function* klDivergence(graph: SparseGraph, embedded: Rows, alpha = 1): Steps<number> {
  const { count, values, width } = embedded;
  const squared = (i: number, j: number) => squaredDistance(values, i * width, j * width, width);
  const log = (distance: number) => (-(alpha + 1) / 2) * Math.log1p(distance / alpha);
  let total = 0;
  let cross = 0;
  let entropy = 0;
  let mass = 0;
  for (let i = 0; i < count; i++) {
    if (i % TILE === 0) yield (i / count) ** 2;
    for (let j = 0; j < i; j++) total += 2 * Math.exp(log(squared(i, j)));
    for (let e = graph.starts[i]; e < graph.starts[i + 1]; e++) {
      const p = graph.weights[e];
      if (p === 0) continue;
      mass += p;
      entropy += p * Math.log(p);
      cross += p * log(squared(i, graph.columns[e]));
    }
  }
  return entropy - cross + mass * Math.log(total);
}

function* votes(
  embedded: Rows,
  labels: readonly string[],
  k: number,
  test: { embedded: Rows; labels: readonly string[] } | undefined,
  each: (voters: number[], i: number) => void,
): Steps<void> {
  if (labels.length !== embedded.count)
    throw new NameCountError('knnError', 'labels', labels.length, 'points', embedded.count);
  if (test && test.labels.length !== test.embedded.count)
    throw new NameCountError('knnError', 'labels', test.labels.length, 'test points', test.embedded.count);
  const most = test ? embedded.count : embedded.count - 1;
  if (!Number.isInteger(k) || k < 1 || k > most) throw new NeighborCountError(k, embedded.count);
  yield* eachRow([embedded], (i, [distances]) => each([...nearestOf(distances, k, test ? -1 : i)], i), [
    test?.embedded ?? embedded,
  ]);
}

/** Squared distances from each point of `from` to all of `to`, one row at a time, for several pairs together. A step is a tile. */
function* eachRow(
  to: readonly Rows[],
  each: (i: number, distances: Float32Array[]) => void,
  from: readonly Rows[] = to,
): Steps<void> {
  const tensors = to.map((rows, which) => centered(rows, from[which]));
  try {
    for (let begin = 0; begin < from[0].count; begin += TILE) {
      const length = Math.min(TILE, from[0].count - begin);
      const tiles = tensors.map(({ to: all, from: some }) => distanceTile(some, all, begin, length));
      for (let i = 0; i < length; i++) {
        each(
          begin + i,
          tiles.map((tile, which) => tile.subarray(i * to[which].count, (i + 1) * to[which].count)),
        );
      }
      yield (begin + length) / from[0].count;
    }
  } finally {
    tf.dispose(tensors);
  }
}

/** Centers the points at their mean, where float32 loses least. */
function centered(to: Rows, from: Rows): { to: tf.Tensor2D; from: tf.Tensor2D } {
  return tf.tidy(() => {
    const all = tf.tensor2d(to.values, [to.count, to.width]);
    const mean = all.mean(0);
    const moved = (rows: tf.Tensor2D) => rows.sub<tf.Tensor2D>(mean);
    const some = from === to ? all : tf.tensor2d(from.values, [from.count, from.width]);
    return { to: moved(all), from: moved(some) };
  });
}

function distanceTile(from: tf.Tensor2D, to: tf.Tensor2D, begin: number, length: number): Float32Array {
  const distances = tf.tidy(() => {
    const some = from.slice([begin, 0], [length, from.shape[1]]);
    const norms = some.square().sum(1, true).add(to.square().sum(1));
    return norms.sub(some.matMul(to, false, true).mul(2)).relu();
  });
  const values = distances.dataSync<'float32'>();
  distances.dispose();
  return values;
}

function winner(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0][0];
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

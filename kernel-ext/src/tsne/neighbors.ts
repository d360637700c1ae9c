import * as tf from '@tensorflow/tfjs';
import type { Work } from '../linear-map/work';
import { installedSink } from '../sink/current-sink';
import { NeighborCountError } from './errors';
import { nearestOf } from './nearest-of';
import type { Rows } from './points';
import { squaredDistance } from './squared-distance';

/** The k nearest others of each point, nearest first. */
export interface Neighbors {
  readonly count: number;
  readonly k: number;
  /** [N·k] */
  readonly indices: Int32Array;
  /** [N·k], squared Euclidean distances, computed in float64 from the points themselves. */
  readonly squared: Float64Array;
}

/** All pairs, or a navigable small world graph that misses about one neighbor in 250. */
export type NeighborSearch = 'exact' | 'approximate';

/** Up to this many points, all pairs are compared: for 60,000 MNIST digits, that took half as long as the graph (196 s against 421 s on a busy machine). */
const MOST_FOR_ALL_PAIRS = 100_000;
/** Bytes of distances that are in memory at a time. */
const TILE_BYTES = 32 * 2 ** 20;
/** Size and effort of the graph: in one run, these found 99.6 % of the 90 nearest neighbors of 10,000 MNIST digits. */
const EFFORT = { connectivity: 16, adding: 128, searching: 128 };
/** Points go through the graph in blocks of this size, so that other work can run in between. */
const BLOCK = 1000;

/**
 * The k nearest neighbors by Euclidean distance; a point is not its own neighbor.
 *
 * @param k from 1 to N − 1
 * @param search default: 'exact' up to 100,000 points or for k above 1,000, 'approximate' beyond
 * @param work its signal is checked between blocks
 * @throws NeighborCountError, and the reason of the abort
 */
export async function nearestNeighbors(
  rows: Rows,
  k: number,
  search?: NeighborSearch,
  work: Work = {},
): Promise<Neighbors> {
  const { count } = rows;
  if (!Number.isInteger(k) || k < 1 || k >= count) throw new NeighborCountError(k, count);
  const chosen = search ?? (count <= MOST_FOR_ALL_PAIRS || k > 1000 ? 'exact' : 'approximate');
  const candidates = await (chosen === 'exact' ? allPairs : smallWorld)(rows, k + 1, work);
  return withDistances(rows, k, candidates);
}

/** @returns [N·wanted]: the nearest points of each point, usually including itself */
async function allPairs(rows: Rows, wanted: number, work: Work): Promise<Int32Array> {
  const { count, width, values } = rows;
  const found = new Int32Array(count * wanted);
  const { points, norms } = tf.tidy(() => {
    const whole = tf.tensor2d(values, [count, width]);
    const points = whole.sub(whole.mean(0)) as tf.Tensor2D;
    return { points, norms: points.square().sum(1) };
  });
  try {
    const most = Math.max(1, Math.floor(TILE_BYTES / (4 * count)));
    for (let begin = 0; begin < count; begin += most) {
      const length = Math.min(most, count - begin);
      const tile = tf.tidy(() => {
        const products = points.slice([begin, 0], [length, width]).matMul(points, false, true);
        return norms.sub(products.mul(2)).dataSync<'float32'>();
      });
      for (let i = 0; i < length; i++)
        found.set(nearestOf(tile.subarray(i * count, (i + 1) * count), wanted), (begin + i) * wanted);
      await turn(work, (begin + length) / count);
    }
  } finally {
    tf.dispose([points, norms]);
  }
  return found;
}

/** As `allPairs`, by usearch's hierarchical navigable small world (Malkov & Yashunin, arXiv 1603.09320). */
async function smallWorld(rows: Rows, wanted: number, work: Work): Promise<Int32Array> {
  // A module that is cut while it loads would never be whole again.
  const release = installedSink()?.hold?.('a module to load');
  const { Index, MetricKind, ScalarKind } = await import('usearch').finally(release);
  const { count, width, values } = rows;
  const index = new Index({
    dimensions: width,
    metric: MetricKind.L2sq,
    quantization: ScalarKind.F32,
    connectivity: EFFORT.connectivity,
    expansion_add: EFFORT.adding,
    expansion_search: Math.max(EFFORT.searching, wanted),
    multi: false,
  });
  const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => i * BLOCK);
  const block = (begin: number) => values.subarray(begin * width, Math.min(count, begin + BLOCK) * width);
  for (const begin of blocks) {
    const length = Math.min(BLOCK, count - begin);
    // One thread, so that the graph, and with it a seeded embedding, is the same each time. usearch searches with as many.
    index.add(
      BigUint64Array.from({ length }, (_, i) => BigInt(begin + i)),
      block(begin),
      1,
    );
    await turn(work, (0.5 * (begin + length)) / count);
  }
  const found = new Int32Array(count * wanted);
  for (const begin of blocks) {
    const { keys } = index.search(block(begin), wanted, 1);
    for (let i = 0; i < keys.length; i++) found[begin * wanted + i] = Number(keys[i]);
    await turn(work, 0.5 + (0.5 * begin) / count);
  }
  return found;
}

/** Removes each point from its own candidates (or else the last candidate), then measures and sorts the others. */
function withDistances(rows: Rows, k: number, candidates: Int32Array): Neighbors {
  const { count, width, values } = rows;
  const indices = new Int32Array(count * k);
  const squared = new Float64Array(count * k);
  for (let i = 0; i < count; i++) {
    const others = candidates.subarray(i * (k + 1), (i + 1) * (k + 1)).filter(j => j !== i);
    const measured = Array.from(others.subarray(0, k), j => ({
      j,
      distance: squaredDistance(values, i * width, j * width, width),
    }));
    measured.sort((a, b) => a.distance - b.distance || a.j - b.j);
    measured.forEach(({ j, distance }, rank) => {
      indices[i * k + rank] = j;
      squared[i * k + rank] = distance;
    });
  }
  return { count, k, indices, squared };
}

/** Yields to other work of this process, and reports progress. @throws the reason of the abort */
async function turn({ signal, onProgress }: Work, fraction: number): Promise<void> {
  onProgress?.(fraction);
  await new Promise(setImmediate);
  signal?.throwIfAborted();
}

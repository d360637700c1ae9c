import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { partOf, type Work } from '../linear-map/work';
import { path } from '../paths/path';
import type { Embedding, Members } from './embedding';

/** Why two points, or two groups, are apart: exact, where the map of either end alone is not. */
export interface ExactDisplacement {
  /** From the one place to the other, [d]; of groups, between the means of their places. */
  actual: number[];
  /** [d, ...instance]: what each number of the input adds on each axis. They sum to `actual`. The caller disposes it. */
  parts: Tensor;
  /** Of the parts on each axis, in float64. */
  sums: number[];
  /** How many linear regions lie on the ways that were summed over. */
  regions: number;
}

/** Sums over one way: each axis's parts, and how F moves. */
interface Sums {
  parts: Float64Array;
  change: number[];
  regions: number;
}

/**
 * Integrated gradients along the straight way between two points. Of groups: from the mean input of both groups to each of
 * their points, the mean over one less the mean over the other, so that all ways start at the same input.
 */
export async function exactDisplacement(
  embedding: Embedding,
  from: number | Members,
  to: number | Members,
  work: Work,
): Promise<ExactDisplacement> {
  const sums = await (typeof from === 'number' && typeof to === 'number'
    ? betweenPoints(embedding, from, to, work)
    : betweenGroups(embedding, membersOf(embedding, from), membersOf(embedding, to), work));
  const { parts, change, regions } = sums;
  const axes = change.length;
  const size = parts.length / axes;
  return {
    actual: change,
    parts: tf.tensor(Float32Array.from(parts), [axes, ...embedding.points.shape.slice(1)]),
    sums: change.map((_, axis) => parts.subarray(axis * size, (axis + 1) * size).reduce((a, b) => a + b, 0)),
    regions,
  };
}

const membersOf = (embedding: Embedding, of: number | Members): readonly number[] =>
  typeof of === 'number' ? [of] : embedding.members(of);

async function betweenPoints(embedding: Embedding, from: number, to: number, work: Work): Promise<Sums> {
  const [a, b] = [embedding.pick(from), embedding.pick(to)];
  try {
    return await sumsOf(embedding, a, b, work);
  } finally {
    tf.dispose([a, b]);
  }
}

async function betweenGroups(
  embedding: Embedding,
  from: readonly number[],
  to: readonly number[],
  work: Work,
): Promise<Sums> {
  const center = tf.tidy(() => embedding.pick([...from, ...to]).mean(0));
  const ways = [
    ...from.map(point => ({ point, weight: -1 / from.length })),
    ...to.map(point => ({ point, weight: 1 / to.length })),
  ];
  const total: Sums = { parts: new Float64Array(0), change: [], regions: 0 };
  try {
    for (const [i, { point, weight }] of ways.entries()) {
      const x = embedding.pick(point);
      const part = partOf(work, i / ways.length, (i + 1) / ways.length);
      const { parts, change, regions } = await sumsOf(embedding, center, x, part).finally(() => x.dispose());
      if (i === 0) total.parts = new Float64Array(parts.length);
      total.parts.forEach((sum, k) => (total.parts[k] = sum + weight * parts[k]));
      total.change = change.map((moved, axis) => (total.change[axis] ?? 0) + weight * moved);
      total.regions += regions;
    }
    return total;
  } finally {
    center.dispose();
  }
}

async function sumsOf(embedding: Embedding, from: Tensor, to: Tensor, work: Work): Promise<Sums> {
  const way = await path(embedding.model, from, to, work);
  const change: number[] = [];
  const parts = new Float64Array(way.classes * from.size);
  for (let axis = 0; axis < way.classes; axis++) {
    const one = await way.integrated(axis, { signal: work.signal });
    parts.set(await one.parts.data(), axis * from.size);
    one.parts.dispose();
    change.push(one.change);
  }
  return { parts, change, regions: way.regions };
}

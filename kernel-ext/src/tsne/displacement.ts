import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { partOf, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { path } from '../paths/path';
import type { EmbeddedPoints, Members } from './embedded-points';

/** Why two points, or two groups of points, are apart in an embedding. */
export interface Displacement {
  /** How far they are apart on each axis, [d]. For groups, this is the difference of their mean coordinates. */
  actual: number[];
  /** What each number of the input adds on each axis, [d, ...instance]. They sum to `actual`. The caller disposes it. */
  parts: Tensor;
  /** The sum of the parts on each axis, [d], computed in float64. */
  sums: number[];
  /** How many linear regions the paths cross. */
  regions: number;
}

/** Sums along one path: the parts of each axis, and how much F changes. */
interface Sums {
  parts: Float64Array;
  change: number[];
  regions: number;
}

/**
 * Integrated gradients along the path between two points. For groups, one path runs from the mean input of both groups to
 * each of their points; the result is the mean over one group minus the mean over the other, so all paths start at the
 * same input.
 */
export async function displacement(
  embedding: EmbeddedPoints,
  from: number | Members,
  to: number | Members,
  work: Work,
): Promise<Displacement> {
  const sums = await withWorkBar(inPercent('Displacement'), work, watched =>
    typeof from === 'number' && typeof to === 'number'
      ? betweenPoints(embedding, from, to, watched)
      : betweenGroups(embedding, embedding.group(from), embedding.group(to), watched),
  );
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

async function betweenPoints(embedding: EmbeddedPoints, from: number, to: number, work: Work): Promise<Sums> {
  const [a, b] = [embedding.pick(from), embedding.pick(to)];
  try {
    return await sumsOf(embedding, a, b, work);
  } finally {
    tf.dispose([a, b]);
  }
}

async function betweenGroups(
  embedding: EmbeddedPoints,
  from: readonly number[],
  to: readonly number[],
  work: Work,
): Promise<Sums> {
  const center = tf.tidy(() => embedding.pick([...from, ...to]).mean(0));
  const weighted = [
    ...from.map(point => ({ point, weight: -1 / from.length })),
    ...to.map(point => ({ point, weight: 1 / to.length })),
  ];
  const total: Sums = { parts: new Float64Array(0), change: [], regions: 0 };
  try {
    for (const [i, { point, weight }] of weighted.entries()) {
      const x = embedding.pick(point);
      const part = partOf(work, i / weighted.length, (i + 1) / weighted.length);
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

/** The share of the work on one path that finds its pieces. */
const TO_PATH = 0.5;

async function sumsOf(embedding: EmbeddedPoints, from: Tensor, to: Tensor, work: Work): Promise<Sums> {
  const between = await path(embedding.model, from, to, partOf(work, 0, TO_PATH));
  const change: number[] = [];
  const parts = new Float64Array(between.classes * from.size);
  for (let axis = 0; axis < between.classes; axis++) {
    const done = (axes: number): number => TO_PATH + ((1 - TO_PATH) * axes) / between.classes;
    const one = await between.integrated(axis, partOf(work, done(axis), done(axis + 1)));
    parts.set(await one.parts.data(), axis * from.size);
    one.parts.dispose();
    change.push(one.change);
  }
  return { parts, change, regions: between.regions };
}

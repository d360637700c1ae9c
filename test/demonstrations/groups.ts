import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../../kernel-ext/src';

/** Neighbors in the embedding whose mean distance measures how far a point lies from all others. */
const NEIGHBORS = 12;

/**
 * Points of a labeled embedding, the same number in each group: deep within the cluster of their class (nearest to its center,
 * compared with the next center), between two clusters (as near to another center as to their own), and outliers (farthest from
 * their 12 nearest neighbors).
 */
export async function groupsOf(map: Embedding, each: number): Promise<Record<string, number[]>> {
  const classes = [...new Set(map.labels)];
  const { distances, near } = tf.tidy(() => {
    const centers = classes.map(label =>
      map.coordinates.gather(tf.tensor1d([...map.members(label!)], 'int32')).mean(0),
    );
    const apart = (to: tf.Tensor) =>
      map.coordinates.expandDims(1).sub(to.expandDims(0)).square().sum(2).sqrt();
    const nearest = tf.topk(apart(map.coordinates).neg(), NEIGHBORS + 1).values;
    return {
      distances: apart(tf.stack(centers)).arraySync() as number[][],
      near: nearest.neg().mean(1).arraySync() as number[],
    };
  });
  const nearness = distances.map((row, i) => {
    const own = classes.indexOf(map.labels![i]);
    const other = Math.min(...row.filter((_, c) => c !== own));
    return row[own] / other;
  });
  const first = (score: (i: number) => number) =>
    [...nearness.keys()].sort((i, j) => score(i) - score(j)).slice(0, each);
  return {
    'within a cluster': first(i => nearness[i]),
    'between two': first(i => Math.abs(Math.log(nearness[i]))),
    outlier: first(i => -near[i]),
  };
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Embedding } from '../tsne';

/** The k nearest others of a point by Euclidean distance, nearest first: in the data, and on the map. */
export async function mapNeighbors(
  embedding: Embedding,
  point: number,
  k: number,
): Promise<{ data: number[]; map: number[] }> {
  return {
    data: await nearest(embedding.points, point, k),
    map: await nearest(embedding.coordinates, point, k),
  };
}

async function nearest(points: Tensor, point: number, k: number): Promise<number[]> {
  const closeness = tf.tidy(() => {
    const rows = points.reshape([points.shape[0], -1]);
    return rows
      .sub(rows.slice([point, 0], [1, -1]))
      .square()
      .sum(1)
      .neg();
  });
  const { values, indices } = tf.topk(closeness, k + 1);
  const found = (await indices.data()) as Int32Array;
  tf.dispose([closeness, values, indices]);
  // Among more than k twins of the point it need not be found itself.
  return [...found].filter(i => i !== point).slice(0, k);
}

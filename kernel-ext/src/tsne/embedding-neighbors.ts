import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { NeighborsReply } from '../payload';
import type { Embedding } from './embedding';

/** The k nearest others of a point by Euclidean distance, nearest first: in the data, and in the embedding. */
export async function embeddingNeighbors(
  embedding: Embedding,
  point: number,
  k: number,
): Promise<NeighborsReply> {
  return {
    data: await nearest(embedding.points, point, k),
    embedding: await nearest(embedding.coordinates, point, k),
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
  try {
    const found = (await indices.data()) as Int32Array;
    // Among more than k duplicates of the point it may not be found itself.
    return [...found].filter(i => i !== point).slice(0, k);
  } finally {
    tf.dispose([closeness, values, indices]);
  }
}

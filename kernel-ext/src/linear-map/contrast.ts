import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { LinearMap } from './linear-map';

/**
 * W_i − W_j, pulled back once.
 * @param instances N of the map.
 * @returns in x's shape; the caller disposes it.
 * @throws ClassIndexError, DisposedError
 */
export async function contrast(map: LinearMap, i: number, j: number, instances: number): Promise<Tensor> {
  for (const index of [i, j]) map.assertOutput(index);
  const [outputs] = map.shape;
  const u = new Float32Array(outputs);
  u[i] += 1;
  u[j] -= 1;
  return weightedRow(map, u, instances);
}

/**
 * uᵀW for the same u at each instance, pulled back once.
 * @param u [C]
 * @returns in x's shape; the caller disposes it.
 * @throws DisposedError
 */
export async function weightedRow(map: LinearMap, u: Float32Array, instances: number): Promise<Tensor> {
  const weights = tf.tidy(() => tf.tensor2d(u, [1, u.length]).tile([instances, 1]));
  try {
    return await map.applyTranspose(weights);
  } finally {
    weights.dispose();
  }
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

/** Disposes `a`. [R, N·K] and [K, N·D] → [R, N·D], instance by instance. */
export function mapProduct(a: Tensor, b: Tensor, instances: number): Tensor {
  const apart = (t: Tensor) => t.reshape([t.shape[0], instances, -1]).transpose([1, 0, 2]);
  const result = tf.tidy(() => {
    const rows =
      instances === 1 ? tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D) : tf.matMul(apart(a), apart(b));
    return instances === 1 ? rows : rows.transpose([1, 0, 2]).reshape([a.shape[0], b.shape[1]!]);
  });
  a.dispose();
  return result;
}

import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';

/** How many points go through the network at a time. */
const BLOCK = 1000;

/**
 * Computes the coordinates of points with a network.
 * @param points [M, ...instance]
 * @returns [M, d]; the caller disposes it.
 */
export function coordinatesOf(model: LayersModel, points: Tensor): Tensor2D {
  return tf.tidy(() => {
    const [count, ...instance] = points.shape;
    const parts: Tensor2D[] = [];
    for (let begin = 0; begin < count; begin += BLOCK) {
      const length = Math.min(BLOCK, count - begin);
      const part = points.slice([begin, ...instance.map(() => 0)], [length, ...instance]);
      parts.push(tf.tidy(() => model.apply(part, { training: false }) as Tensor2D));
    }
    return tf.concat(parts, 0);
  });
}

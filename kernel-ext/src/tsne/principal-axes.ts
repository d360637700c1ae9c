import * as tf from '@tensorflow/tfjs';
import type { Tensor2D } from '@tensorflow/tfjs';
import { type Random, sampleOf } from './random';
import type { Rows } from './points';

const MOST_POINTS = 5000;
const ITERATIONS = 30;

/**
 * Coordinates of the points along their first principal components, by subspace iteration on at most 5,000 of them.
 * @returns [N, d], the first coordinate of standard deviation 1; the caller disposes it.
 */
export function principalCoordinates(
  { count, width, values }: Rows,
  dimensions: number,
  random: Random,
): Tensor2D {
  return tf.tidy(() => {
    const all = tf.tensor2d(values, [count, width]);
    const centered = all.sub<Tensor2D>(all.mean(0));
    const some = centered.gather<Tensor2D>(tf.tensor1d(sampleOf(count, MOST_POINTS, random), 'int32'));
    const start = Float32Array.from({ length: width * dimensions }, () => random() - 0.5);
    let axes = orthonormal(tf.tensor2d(start, [width, dimensions]));
    for (let i = 0; i < ITERATIONS; i++) {
      axes = orthonormal(some.matMul(some.matMul(axes), true) as Tensor2D);
    }
    const coordinates = centered.matMul(axes) as Tensor2D;
    const deviation = coordinates.slice([0, 0], [count, 1]).square().mean().sqrt().maximum(1e-12);
    return coordinates.div(deviation);
  });
}

/** Gram & Schmidt; an axis without length stays zero. */
function orthonormal(axes: Tensor2D): Tensor2D {
  const done: tf.Tensor[] = [];
  for (let axis of tf.unstack(axes, 1)) {
    for (const other of done) axis = axis.sub(other.mul(axis.mul(other).sum()));
    done.push(axis.div(axis.norm().maximum(1e-12)));
  }
  return tf.stack(done, 1) as Tensor2D;
}

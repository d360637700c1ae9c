import * as tf from '@tensorflow/tfjs';

/** Normally distributed numbers [count · size], the same in every run. */
export async function gaussian(count: number, size: number, seed: number): Promise<Float32Array> {
  const tensor = tf.randomNormal([count, size], 0, 1, 'float32', seed);
  const values = Float32Array.from(await tensor.data<'float32'>());
  tensor.dispose();
  return values;
}

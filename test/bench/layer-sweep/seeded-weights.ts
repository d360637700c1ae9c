import * as tf from '@tensorflow/tfjs';

/**
 * Replaces every weight of a model, whatever initializers it has, by numbers that depend only on the seed. Biases are around 1,
 * so that most ReLUs pass and W is not zero.
 */
export function seedWeights(model: tf.LayersModel, seed: number): void {
  tf.tidy(() =>
    model.setWeights(
      model.weights.map(({ shape, originalName }, i) => {
        const sizes = shape.map(size => size ?? 1);
        if (originalName.includes('variance')) return tf.randomUniform(sizes, 0.5, 2, 'float32', seed + i);
        const mean = originalName.includes('bias') ? 1 : 0;
        return tf.randomNormal(sizes, mean, 0.7, 'float32', seed + i);
      }),
    ),
  );
}

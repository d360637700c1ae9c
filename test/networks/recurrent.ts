import * as tf from '@tensorflow/tfjs';

/** A recurrent layer over 12 steps of 8 numbers, unrolled by TensorFlow.js, followed by a dense layer. */
export function recurrent(kind: 'lstm' | 'gru'): tf.LayersModel {
  const seeded = (seed: number) => tf.initializers.glorotNormal({ seed });
  const bias = (seed: number) => tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed });
  return tf.sequential({
    layers: [
      tf.layers[kind]({
        ...{ units: 16, inputShape: [12, 8], recurrentActivation: 'sigmoid' },
        ...{ kernelInitializer: seeded(1), recurrentInitializer: seeded(2), biasInitializer: bias(3) },
      }),
      tf.layers.dense({ units: 5, kernelInitializer: seeded(4), biasInitializer: bias(5) }),
    ],
  });
}

import * as tf from '@tensorflow/tfjs';

/** Weights with their own seed, so that ranks are the same in every run. */
const initializers = (seed: number) => ({
  kernelInitializer: tf.initializers.glorotNormal({ seed }),
  biasInitializer: tf.initializers.randomNormal({ mean: 0.3, stddev: 0.3, seed }),
});

const dense = (units: number, options: object = {}) =>
  tf.layers.dense({ units, activation: 'relu', ...initializers(units), ...options });

/** 60 … 5 … 60: everything passes through five units. */
export const autoencoder = () =>
  tf.sequential({
    layers: [
      dense(24, { inputShape: [60], name: 'in' }),
      dense(5, { name: 'code' }),
      dense(24, { name: 'out' }),
      dense(60, { activation: 'linear', name: 'picture' }),
    ],
  });

/** 3 → 200: more outputs than inputs. */
export const decoder = () =>
  tf.sequential({ layers: [dense(20, { inputShape: [3] }), dense(200, { activation: 'linear' })] });

/** A convolutional network with a residual block, which goes around the layer 'inner'. */
export function residualNet(): tf.LayersModel {
  const conv = (name: string, activation: 'relu' | 'linear' = 'relu') =>
    tf.layers.conv2d({
      filters: 4,
      kernelSize: 3,
      padding: 'same',
      activation,
      name,
      ...initializers(name.length),
    });
  const input = tf.input({ shape: [8, 8, 2] });
  const first = conv('first').apply(input) as tf.SymbolicTensor;
  const inner = conv('inner').apply(first) as tf.SymbolicTensor;
  const block = conv('block', 'linear').apply(inner) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'sum' }).apply([first, block]) as tf.SymbolicTensor;
  const both = tf.layers.concatenate({ name: 'both' }).apply([sum, inner]) as tf.SymbolicTensor;
  const pool = tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(both) as tf.SymbolicTensor;
  const classes = dense(5, { activation: 'softmax', name: 'classes' }).apply(pool) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: classes });
}

import * as tf from '@tensorflow/tfjs';
import type { RandomNet } from '../lab/random-net';

/** A dense ReLU network as a model with the same weights. */
export function tfModel({ weights, biases }: RandomNet): tf.LayersModel {
  return tf.sequential({
    layers: weights.map((layer, l) =>
      tf.layers.dense({
        name: `dense${l + 1}`,
        units: layer.length,
        inputShape: [layer[0].length],
        activation: l === weights.length - 1 ? 'linear' : 'relu',
        weights: [tf.tensor2d(layer).transpose(), tf.tensor1d(biases[l])],
      }),
    ),
  });
}

import * as tf from '@tensorflow/tfjs';
import { Layers } from './layers';

/** Dense layers of these widths, ReLU between them; the last is linear. */
function perceptron(widths: readonly number[]): tf.LayersModel {
  const layers = new Layers();
  const input = tf.input({ shape: [widths[0]] });
  const hidden = widths.slice(1, -1).reduce((x, units) => layers.dense(x, units, 'relu'), input);
  return tf.model({ inputs: input, outputs: layers.dense(hidden, widths.at(-1)!) });
}

export const mlp = () => perceptron([784, 512, 512, 10]);

/** 784 outputs, all of which pass through a waist of 32 units. */
export const autoencoder = () => perceptron([784, 256, 32, 256, 784]);

/** The encoder of parametric t-SNE (van der Maaten, AISTATS 2009). */
export const tsneEncoder = () => perceptron([784, 500, 500, 2000, 2]);

import * as tf from '@tensorflow/tfjs';
import { Layers } from './layers';

/** Pairs of 3×3 convolutions with max-pooling between them, as in VGG (arXiv 1409.1556), for images of 32×32×3. */
export function vgg(): tf.LayersModel {
  const layers = new Layers();
  const input = tf.input({ shape: [32, 32, 3] });
  const features = [64, 128, 256].reduce((x, filters) => {
    const first = layers.convolution(x, filters, 3, { activation: 'relu' });
    return layers.maxPool(layers.convolution(first, filters, 3, { activation: 'relu' }));
  }, input);
  const hidden = layers.dense(layers.flatten(features), 256, 'relu');
  return tf.model({ inputs: input, outputs: layers.dense(hidden, 10) });
}

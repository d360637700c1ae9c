import type { SymbolicTensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { Layers } from './layers';

/** ResNet-20 for images of 32×32×3 (arXiv 1512.03385, section 4.2), with 1×1 convolutions where a shortcut changes shape. */
export function resnet20(): tf.LayersModel {
  const layers = new Layers();
  const input = tf.input({ shape: [32, 32, 3] });
  let x = layers.relu(layers.normalizedConvolution(input, 16, 3));
  for (const filters of [16, 32, 64]) {
    for (let i = 0; i < 3; i++) x = block(layers, x, filters, filters > 16 && i === 0 ? 2 : 1);
  }
  return tf.model({ inputs: input, outputs: layers.dense(layers.averageAll(x), 10) });
}

function block(layers: Layers, x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const first = layers.relu(layers.normalizedConvolution(x, filters, 3, strides));
  const residual = layers.normalizedConvolution(first, filters, 3);
  const shortcut = strides === 1 ? x : layers.normalizedConvolution(x, filters, 1, strides);
  return layers.relu(layers.sum(shortcut, residual));
}

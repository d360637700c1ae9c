import * as tf from '@tensorflow/tfjs';
import { alone, type LayerCase } from './layer-case';

const IDENTIFIERS = [
  'elu',
  'hardSigmoid',
  'linear',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
  'swish',
  'mish',
  'gelu',
  'gelu_new',
] as const;

/** Every activation by name, alone and in a layer, and every layer that is an activation. */
export function activationCases(): LayerCase[] {
  return [
    ...IDENTIFIERS.flatMap(activation => [
      alone(`activation ${activation}`, () => tf.layers.activation({ activation }), [4]),
      alone(`dense, ${activation}`, () => tf.layers.dense({ units: 3, activation }), [4]),
      alone(
        `conv2d, ${activation}`,
        () => tf.layers.conv2d({ filters: 2, kernelSize: 2, activation }),
        [5, 5, 2],
      ),
    ]),
    alone('elu', () => tf.layers.elu(), [4]),
    alone('leakyReLU', () => tf.layers.leakyReLU({ alpha: 0.5 }), [4]),
    alone('prelu', () => tf.layers.prelu(), [4]),
    alone('prelu, sharedAxes [1, 2]', () => tf.layers.prelu({ sharedAxes: [1, 2] }), [4, 3, 2]),
    alone('reLU', () => tf.layers.reLU(), [4]),
    {
      ...alone('reLU, maxValue 0.5', () => tf.layers.reLU({ maxValue: 0.5 }), [4]),
      numbers: [0.2, -1, 0.7, 0.4],
    },
    alone('softmax', () => tf.layers.softmax(), [4]),
    alone('softmax, axis 1', () => tf.layers.softmax({ axis: 1 }), [4, 3]),
    alone('thresholdedReLU', () => tf.layers.thresholdedReLU({ theta: 0.3 }), [4]),
  ];
}

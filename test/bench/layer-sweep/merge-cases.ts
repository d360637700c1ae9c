import * as tf from '@tensorflow/tfjs';
import { applied, type LayerCase } from './layer-case';

const MERGES = {
  add: () => tf.layers.add(),
  average: () => tf.layers.average(),
  maximum: () => tf.layers.maximum(),
  minimum: () => tf.layers.minimum(),
  multiply: () => tf.layers.multiply(),
  concatenate: () => tf.layers.concatenate(),
  'concatenate, axis 1': () => tf.layers.concatenate({ axis: 1 }),
  dot: () => tf.layers.dot({ axes: -1 }),
  'dot, normalize': () => tf.layers.dot({ axes: -1, normalize: true }),
};

const SHAPES = [
  [[3], [3]],
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [1, 3],
    [2, 3],
  ],
];

/** Every layer that merges, of two inputs and of one input with a layer of itself. */
export function mergeCases(): LayerCase[] {
  return Object.entries(MERGES).flatMap(([name, merge]) => [
    ...SHAPES.map(shapes => ({
      name: `${name} of ${JSON.stringify(shapes)}`,
      build: () => {
        const inputs = shapes.map((shape, i) => tf.input({ shape, name: `side${i}` }));
        return tf.model({ inputs, outputs: applied(merge(), inputs) });
      },
    })),
    ...[[3], [2, 3]].map(shape => ({
      name: `${name} of an input of [${shape}] and its dense layer`,
      build: () => {
        const input = tf.input({ shape });
        const dense = applied(tf.layers.dense({ units: 3, activation: 'relu' }), input);
        return tf.model({ inputs: input, outputs: applied(merge(), [input, dense]) });
      },
    })),
  ]);
}

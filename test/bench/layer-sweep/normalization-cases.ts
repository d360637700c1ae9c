import * as tf from '@tensorflow/tfjs';
import { alone, optionsName, type LayerCase } from './layer-case';

const RANKS = [[4], [3, 4], [2, 3, 4], [2, 2, 3, 4]];

/** Dense layers and normalizations of every rank, axis and choice of parameters. */
export function normalizationCases(): LayerCase[] {
  const flags = [true, false].flatMap(center => [true, false].map(scale => ({ center, scale })));
  return [
    ...[true, false].map(useBias =>
      alone(`dense, useBias ${useBias}`, () => tf.layers.dense({ units: 3, useBias }), [4]),
    ),
    alone(
      'dense, regularized and constrained',
      () => tf.layers.dense({ units: 3, kernelRegularizer: 'l1l2', kernelConstraint: 'maxNorm' }),
      [4],
    ),
    ...RANKS.flatMap(shape => [
      alone(`dense of [${shape}]`, () => tf.layers.dense({ units: 3 }), shape),
      alone(`batchNormalization of [${shape}]`, () => tf.layers.batchNormalization({}), shape),
    ]),
    ...flags.flatMap(choice => [
      ...[-1, 1, 2, [1, 2], [1]].map(axis =>
        alone(
          `layerNormalization, ${optionsName({ axis, ...choice })}`,
          () => tf.layers.layerNormalization({ axis, ...choice }),
          [3, 4],
        ),
      ),
      ...[-1, 1, 2, 3].map(axis =>
        alone(
          `batchNormalization, ${optionsName({ axis, ...choice })}`,
          () => tf.layers.batchNormalization({ axis, ...choice }),
          [3, 4, 5],
        ),
      ),
    ]),
  ];
}

import * as tf from '@tensorflow/tfjs';
import { alone, dataFormats, imageShape, stacked, type LayerCase } from './layer-case';

/** Layers that move, repeat, resize, mask or encode numbers, and those that do nothing outside of training. */
export function shapeCases(): LayerCase[] {
  return [...dataFormats.flatMap(ofImages), ...ofOtherShapes(), ...ofTrainingOnly(), ...ofValues()];
}

function ofImages(dataFormat: (typeof dataFormats)[number]): LayerCase[] {
  const shape = imageShape(dataFormat, [6, 5], 2);
  const cropping = (rows: [number, number]) => () =>
    tf.layers.cropping2D({ cropping: [rows, [1, 0]], dataFormat });
  return [
    ...(['nearest', 'bilinear'] as const).map(interpolation =>
      alone(
        `upSampling2d, ${interpolation}, ${dataFormat}`,
        () => tf.layers.upSampling2d({ dataFormat, interpolation, size: [2, 3] }),
        shape,
      ),
    ),
    alone(
      `zeroPadding2d, ${dataFormat}`,
      () =>
        tf.layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 1],
          ],
          dataFormat,
        }),
      shape,
    ),
    alone(`cropping2D, ${dataFormat}`, cropping([1, 1]), shape),
    alone(`cropping2D of everything, ${dataFormat}`, cropping([3, 3]), shape),
    alone(`flatten, ${dataFormat}`, () => tf.layers.flatten({ dataFormat }), shape),
  ];
}

const ofOtherShapes = (): LayerCase[] => [
  alone('permute', () => tf.layers.permute({ dims: [2, 1] }), [3, 4]),
  alone('repeatVector', () => tf.layers.repeatVector({ n: 3 }), [4]),
  alone('reshape', () => tf.layers.reshape({ targetShape: [2, -1] }), [6]),
  alone('rescaling', () => tf.layers.rescaling({ scale: 0.5, offset: 1 }), [4]),
  alone('centerCrop', () => tf.layers.centerCrop({ height: 2, width: 2 }), [4, 4, 1]),
  ...(['bilinear', 'nearest'] as const).map(interpolation =>
    alone(
      `resizing, ${interpolation}`,
      () => tf.layers.resizing({ height: 3, width: 2, interpolation }),
      [4, 4, 1],
    ),
  ),
  alone('randomWidth', () => tf.layers.randomWidth({ factor: 0.2 }), [4, 4, 1]),
];

const ofTrainingOnly = (): LayerCase[] => [
  alone('dropout', () => tf.layers.dropout({ rate: 0.5 }), [4]),
  alone('alphaDropout', () => tf.layers.alphaDropout({ rate: 0.5 }), [4]),
  alone('gaussianDropout', () => tf.layers.gaussianDropout({ rate: 0.5 }), [4]),
  alone('gaussianNoise', () => tf.layers.gaussianNoise({ stddev: 1 }), [4]),
  alone('spatialDropout1d', () => tf.layers.spatialDropout1d({ rate: 0.5 }), [3, 4]),
];

const ofValues = (): LayerCase[] => [
  alone('masking', () => tf.layers.masking({ maskValue: 0 }), [3, 2]),
  {
    ...alone('embedding of token ids', () => tf.layers.embedding({ inputDim: 5, outputDim: 2 }), [3]),
    numbers: [4, 0, 2],
  },
  // A categoryEncoding changes the shape of what it reads in place, and so must not read the input of the model.
  ...(['oneHot', 'multiHot', 'count', 'int'] as const).map(outputMode => ({
    ...stacked(`reshape, categoryEncoding, ${outputMode}`, () => [
      tf.layers.reshape({ targetShape: [4], inputShape: [4] }),
      tf.layers.categoryEncoding({ numTokens: 4, outputMode }),
    ]),
    numbers: [2, 0, 3, 1],
  })),
];

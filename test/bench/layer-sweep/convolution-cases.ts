import * as tf from '@tensorflow/tfjs';
import { alone, dataFormats, imageShape, optionsName, paddings, type LayerCase } from './layer-case';

/** Every convolution with every padding, stride, dilation and order of the axes. */
export function convolutionCases(): LayerCase[] {
  return dataFormats.flatMap(dataFormat =>
    paddings.flatMap(padding =>
      [1, 2].flatMap(strides =>
        [1, 2].flatMap(dilationRate => ofOptions({ dataFormat, padding, strides, dilationRate })),
      ),
    ),
  );
}

function ofOptions(chosen: {
  dataFormat: (typeof dataFormats)[number];
  padding: (typeof paddings)[number];
  strides: number;
  dilationRate: number;
}): LayerCase[] {
  const options = { kernelSize: 2, ...chosen };
  const name = optionsName(chosen);
  const shape = (...sides: number[]) => imageShape(chosen.dataFormat, sides, 2);
  return [
    alone(`conv1d, ${name}`, () => tf.layers.conv1d({ filters: 3, ...options }), [6, 2]),
    alone(`conv2d, ${name}`, () => tf.layers.conv2d({ filters: 3, ...options }), shape(6, 5)),
    alone(`conv3d, ${name}`, () => tf.layers.conv3d({ filters: 3, ...options }), shape(4, 5, 4)),
    alone(
      `conv2dTranspose, ${name}`,
      () => tf.layers.conv2dTranspose({ filters: 3, ...options }),
      shape(4, 5),
    ),
    alone(
      `conv3dTranspose, ${name}`,
      () => tf.layers.conv3dTranspose({ filters: 3, ...options }),
      shape(3, 3, 3),
    ),
    alone(
      `separableConv2d, ${name}`,
      () => tf.layers.separableConv2d({ filters: 3, depthMultiplier: 2, ...options }),
      shape(6, 5),
    ),
    alone(
      `depthwiseConv2d, ${name}`,
      () => tf.layers.depthwiseConv2d({ depthMultiplier: 2, ...options }),
      shape(6, 5),
    ),
  ];
}

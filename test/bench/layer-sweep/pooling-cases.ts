import * as tf from '@tensorflow/tfjs';
import { alone, dataFormats, imageShape, optionsName, paddings, stacked, type LayerCase } from './layer-case';

/** Every pooling, and windows that leave nothing. */
export function poolingCases(): LayerCase[] {
  return [...windowed(), ...globals(), ...leavingNothing()];
}

const windowed = (): LayerCase[] =>
  dataFormats.flatMap(dataFormat =>
    paddings.flatMap(padding =>
      [1, 2].flatMap(strides => {
        const options = { poolSize: 2, padding, strides };
        const name = optionsName({ dataFormat, padding, strides });
        const [flat, deep] = [imageShape(dataFormat, [6, 5], 2), imageShape(dataFormat, [4, 5, 4], 2)];
        return [
          alone(`maxPooling1d, ${name}`, () => tf.layers.maxPooling1d(options), [6, 2]),
          alone(`averagePooling1d, ${name}`, () => tf.layers.averagePooling1d(options), [6, 2]),
          alone(`maxPooling2d, ${name}`, () => tf.layers.maxPooling2d({ ...options, dataFormat }), flat),
          alone(
            `averagePooling2d, ${name}`,
            () => tf.layers.averagePooling2d({ ...options, dataFormat }),
            flat,
          ),
          alone(`maxPooling3d, ${name}`, () => tf.layers.maxPooling3d({ ...options, dataFormat }), deep),
          alone(
            `averagePooling3d, ${name}`,
            () => tf.layers.averagePooling3d({ ...options, dataFormat }),
            deep,
          ),
        ];
      }),
    ),
  );

const globals = (): LayerCase[] => [
  alone('globalAveragePooling1d', () => tf.layers.globalAveragePooling1d({}), [4, 3]),
  alone('globalMaxPooling1d', () => tf.layers.globalMaxPooling1d({}), [4, 3]),
  ...dataFormats.flatMap(dataFormat => {
    const shape = imageShape(dataFormat, [6, 5], 2);
    return [
      alone(
        `globalAveragePooling2d, ${dataFormat}`,
        () => tf.layers.globalAveragePooling2d({ dataFormat }),
        shape,
      ),
      alone(`globalMaxPooling2d, ${dataFormat}`, () => tf.layers.globalMaxPooling2d({ dataFormat }), shape),
    ];
  }),
];

const leavingNothing = (): LayerCase[] => [
  alone('conv2d larger than its image', () => tf.layers.conv2d({ filters: 2, kernelSize: 7 }), [4, 4, 1]),
  alone('maxPooling2d larger than its image', () => tf.layers.maxPooling2d({ poolSize: 7 }), [4, 4, 1]),
  stacked('conv2d that leaves nothing, dense', () => [
    tf.layers.conv2d({ filters: 2, kernelSize: 5, inputShape: [4, 4, 1] }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2 }),
  ]),
  stacked('maxPooling2d that leaves nothing, dense', () => [
    tf.layers.maxPooling2d({ poolSize: 5, inputShape: [4, 4, 1] }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2 }),
  ]),
  stacked('cropping2D that leaves nothing, dense', () => [
    tf.layers.cropping2D({
      cropping: [
        [2, 2],
        [0, 0],
      ],
      inputShape: [4, 4, 1],
    }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2 }),
  ]),
  stacked('averagePooling1d that leaves nothing, globalAveragePooling1d', () => [
    tf.layers.averagePooling1d({ poolSize: 5, inputShape: [4, 1] }),
    tf.layers.globalAveragePooling1d({}),
  ]),
];

import * as tf from '@tensorflow/tfjs';

/** The same network for images [3, 5, 4] and [5, 4, 3]. */
export function twinNetworks(): { first: tf.LayersModel; last: tf.LayersModel } {
  const initializer = (seed: number) => tf.initializers.glorotNormal({ seed });
  const build = (channels: 'First' | 'Last', inputShape: number[]) =>
    tf.sequential({
      layers: [
        tf.layers.reLU({ inputShape }),
        tf.layers.conv2d({
          filters: 2,
          kernelSize: 2,
          dataFormat: `channels${channels}`,
          kernelInitializer: initializer(1),
          biasInitializer: 'ones',
          activation: 'relu',
          name: 'conv',
        }),
        tf.layers.maxPooling2d({ poolSize: 2, strides: 1, dataFormat: `channels${channels}` }),
        tf.layers.globalAveragePooling2d({ dataFormat: `channels${channels}` }),
        tf.layers.dense({ units: 3, kernelInitializer: initializer(2), name: 'dense' }),
      ],
    });
  const [first, last] = [build('First', [3, 5, 4]), build('Last', [5, 4, 3])];
  last.setWeights(first.getWeights());
  return { first, last };
}

/** The numbers of an image [height, width, channels] in the order [channels, height, width]. */
export function channelsFirst(
  values: ArrayLike<number>,
  [height, width, channels]: readonly number[],
): Float32Array {
  const first: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) first.push(values[(i * width + j) * channels + c]);
  return Float32Array.from(first);
}

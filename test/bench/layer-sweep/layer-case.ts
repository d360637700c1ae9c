import type { Shape, SymbolicTensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';

/** A small model that contains one layer class with one choice of its options, or that was built in one particular way. */
export interface LayerCase {
  name: string;
  build: () => tf.LayersModel | Promise<tf.LayersModel>;
  /** The numbers of x where standard normal ones make no sense, such as token ids. */
  numbers?: readonly number[];
  /** Whether the model gives something else every time it runs, so that no map can be right: it must not be called exact. */
  random?: boolean;
}

type Layer = ReturnType<typeof tf.layers.dense> | ReturnType<typeof tf.layers.conv3dTranspose>;

/** Models of a single layer. */
export const alone = (name: string, layer: () => Layer, shape: Shape): LayerCase => ({
  name,
  build: () => {
    const input = tf.input({ shape });
    return tf.model({ inputs: input, outputs: applied(layer(), input) });
  },
});

/** Models of layers one after the other; the first one tells the shape of the input. */
export const stacked = (name: string, layers: () => Layer[]): LayerCase => ({
  name,
  build: () => tf.sequential({ layers: layers() }),
});

/** The (first) output of a layer. */
export function applied(layer: Layer, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  const outputs = layer.apply(inputs) as SymbolicTensor | SymbolicTensor[];
  return Array.isArray(outputs) ? outputs[0] : outputs;
}

export const dataFormats = ['channelsLast', 'channelsFirst'] as const;
export const paddings = ['valid', 'same', 'causal'] as const;

/** A shape with the channels where a data format has them. */
export const imageShape = (
  format: (typeof dataFormats)[number],
  sides: readonly number[],
  channels: number,
): number[] => (format === 'channelsLast' ? [...sides, channels] : [channels, ...sides]);

/** Options as a short name: 'strides 2, dilationRate 1'. */
export const optionsName = (options: object): string =>
  Object.entries(options)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(', ');

import * as tf from '@tensorflow/tfjs';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';

/** A convolutional network on [steps, channels] with three outputs. */
export function signalNetwork(steps: number, channels: number): tf.Sequential {
  const init = (seed: number) =>
    tf.initializers.varianceScaling({ scale: 2, mode: 'fanIn', distribution: 'normal', seed });
  return tf.sequential({
    layers: [
      tf.layers.conv1d({
        inputShape: [steps, channels],
        filters: 6,
        kernelSize: 7,
        strides: 2,
        activation: 'relu',
        kernelInitializer: init(1),
      }),
      tf.layers.conv1d({ filters: 8, kernelSize: 5, activation: 'relu', kernelInitializer: init(2) }),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: 3, kernelInitializer: init(3), name: 'logits' }),
    ],
  });
}

/** A beat and a slow wave, which differ by channel; [steps, channels]. */
export function beats(steps: number, channels: number): tf.Tensor2D {
  const values = Array.from({ length: steps * channels }, (_, i) => {
    const [t, c] = [Math.floor(i / channels), i % channels];
    const phase = ((t + 7 * c) % 50) - 25;
    return (1 + 0.3 * c) * Math.exp((-phase * phase) / 8) + 0.2 * Math.sin((t + 3 * c) / 11);
  });
  return tf.tensor2d(values, [steps, channels]);
}

/** A network on a signal at one input. */
export const signalLinearization = (steps: number, channels: number): Promise<Linearization> =>
  linearize(signalNetwork(steps, channels), beats(steps, channels));

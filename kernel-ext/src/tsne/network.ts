import * as tf from '@tensorflow/tfjs';
import type { LayersModel } from '@tensorflow/tfjs';
import { NetworkError } from './errors';

/** Units of the hidden layers, as in van der Maaten 2009. */
const HIDDEN = [500, 500, 2000];

/** A network from a point [...instance] to [d] with hidden layers of 500, 500 and 2000 ReLUs; the caller disposes it. */
export function defaultNetwork(instance: readonly number[], dimensions: number, seed: number): LayersModel {
  const initializer = (layer: number) => tf.initializers.heNormal({ seed: 1000 * seed + layer });
  const model = tf.sequential({ name: 'parametric_map' });
  if (instance.length > 1) model.add(tf.layers.flatten({ inputShape: [...instance], name: 'flatten' }));
  HIDDEN.forEach((units, i) =>
    model.add(
      tf.layers.dense({
        units,
        activation: 'relu',
        kernelInitializer: initializer(i),
        name: `hidden${i + 1}`,
        ...(i === 0 && instance.length === 1 && { inputShape: [...instance] }),
      }),
    ),
  );
  const kernelInitializer = tf.initializers.glorotNormal({ seed: 1000 * seed + HIDDEN.length });
  model.add(tf.layers.dense({ units: dimensions, kernelInitializer, name: 'map' }));
  return model;
}

/**
 * Checks that a model maps these points to coordinates.
 * @returns d, the number of coordinates
 * @throws NetworkError
 */
export function embeddingDimensions(model: LayersModel, instance: readonly number[]): number {
  if (!Array.isArray(model?.layers)) throw new NetworkError('it is not a tf.LayersModel');
  if (!model.built) (model as tf.Sequential).build();
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new NetworkError(
      `it has ${model.inputs.length} inputs and ${model.outputs.length} outputs instead of one each`,
    );
  }
  const input = model.inputs[0].shape.slice(1);
  const fits = input.length === instance.length && input.every((d, i) => d === null || d === instance[i]);
  if (!fits) {
    throw new NetworkError(
      `it takes inputs of shape [${input.map(d => d ?? 'any').join(', ')}], but a point has shape [${instance.join(', ')}]`,
    );
  }
  const output = model.outputs[0].shape.slice(1);
  if (output.length !== 1 || output[0] === null) {
    throw new NetworkError(`its output has shape [${output.join(', ')}] instead of [d]`);
  }
  return output[0];
}

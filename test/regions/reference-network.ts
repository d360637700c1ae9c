import * as tf from '@tensorflow/tfjs';
import reference from '../fixtures/regions-reference.json';

type Name = keyof typeof reference.weights;

const weight = (name: Name) => {
  const { shape, values } = reference.weights[name];
  return tf.tensor(values, shape);
};

/** The network of fixtures/regions-reference.py as a model of layers; each layer is named after its gate. */
export function referenceNetwork(): tf.LayersModel {
  const conv = { filters: 3, kernelSize: 3, padding: 'same' as const };
  const input = tf.input({ shape: [6, 6, 2] });
  const apply = (layer: tf.layers.Layer, ...x: tf.SymbolicTensor[]) =>
    layer.apply(x.length === 1 ? x[0] : x) as tf.SymbolicTensor;
  const first = apply(tf.layers.conv2d({ ...conv, name: 'conv1' }), input);
  const leaky = apply(tf.layers.leakyReLU({ alpha: 0.3, name: 'leaky' }), first);
  const pooled = apply(tf.layers.maxPooling2d({ poolSize: 2, name: 'pool' }), leaky);
  const second = apply(tf.layers.conv2d({ ...conv, name: 'conv2' }), pooled);
  const sum = apply(tf.layers.add({ name: 'sum' }), pooled, second);
  const norm = apply(tf.layers.batchNormalization({ name: 'norm' }), sum);
  const clipped = apply(tf.layers.reLU({ maxValue: 6, name: 'clip' }), norm);
  const flat = apply(tf.layers.flatten({ name: 'flat' }), clipped);
  const hidden = apply(tf.layers.dense({ units: 6, useBias: false, name: 'hidden' }), flat);
  const abs = apply(new Magnitude({ name: 'abs' }), hidden);
  const model = tf.model({
    inputs: input,
    outputs: apply(tf.layers.dense({ units: 4, name: 'logits' }), abs),
  });
  const set = (layer: string, ...names: Name[]) => {
    const tensors = names.map(weight);
    model.getLayer(layer).setWeights(tensors);
    tf.dispose(tensors);
  };
  set('conv1', 'conv1', 'bias1');
  set('conv2', 'conv2', 'bias2');
  set('norm', 'gamma', 'beta', 'mean', 'variance');
  set('hidden', 'dense1');
  set('logits', 'dense2', 'bias3');
  return model;
}

/** One of the reference's inputs, [6, 6, 2]. */
export const referenceInput = (i: number): tf.Tensor => tf.tensor(reference.cases[i].x, [6, 6, 2]);

class Magnitude extends tf.layers.Layer {
  static className = 'Magnitude';

  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.abs(Array.isArray(x) ? x[0] : x);
  }
}

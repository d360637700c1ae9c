import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';

/** A network whose last layer is dense with softmax, without that softmax, built from the same layers. */
export function logitsOf(model: LayersModel): (x: Tensor) => Tensor {
  const last = model.layers.at(-1)!;
  const before = tf.model({ inputs: model.inputs, outputs: last.input as tf.SymbolicTensor });
  const [kernel, bias] = last.getWeights() as [tf.Tensor2D, tf.Tensor1D];
  return x => tf.matMul(before.apply(x) as tf.Tensor2D, kernel).add(bias);
}

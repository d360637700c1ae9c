import type { Tensor } from '@tensorflow/tfjs';
import { PlotValueError } from './errors';

/** Checks fields instead of the class, since a notebook may load its own TensorFlow.js. */
export function isTensor(thing: object): thing is Tensor {
  const { shape, dtype, data } = thing as Partial<Tensor>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function';
}

/** @throws {PlotValueError} if the tensor has been disposed of, or holds complex numbers */
export function checkTensor(tensor: Tensor, at: string): void {
  if (tensor.isDisposed)
    throw new PlotValueError(
      at,
      'a tensor that has been disposed of',
      'Plot it before dispose() or the end of tf.tidy(), or keep it by tf.keep().',
    );
  if (tensor.dtype === 'complex64')
    throw new PlotValueError(
      at,
      'a tensor of complex numbers',
      'Take tf.real(), tf.imag() or tf.abs() of it.',
    );
}

/** The numbers of a tensor as nested arrays of its shape; of a scalar, the number. @throws {PlotValueError} as `checkTensor` */
export function tensorValues(tensor: Tensor, at: string): unknown {
  checkTensor(tensor, at);
  return tensor.arraySync();
}

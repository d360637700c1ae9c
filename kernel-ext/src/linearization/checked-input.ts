import type { Tensor } from '@tensorflow/tfjs';
import { inputShape, type InputShape, type Source } from '../capture/source';
import { DtypeError } from '../errors';

/** An x whose type and shape fit a model. */
export interface CheckedInput {
  /** [...instance] or [N, ...instance]. */
  x: Tensor;
  shape: InputShape;
}

/**
 * @param x takes ownership of it.
 * @throws DtypeError, ShapeError, EmptyInputError; no tensor is left behind then.
 */
export function checkedInput(source: Source, x: Tensor): CheckedInput {
  try {
    if (x.dtype !== 'float32') throw new DtypeError(x.dtype);
    return { x, shape: inputShape(source, x.shape) };
  } catch (error) {
    x.dispose();
    throw error;
  }
}

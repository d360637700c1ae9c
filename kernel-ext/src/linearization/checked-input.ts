import type { Tensor } from '@tensorflow/tfjs';
import { inputShape, type InputShape, type Source } from '../capture/source';

/** An x whose shape fits a model. */
export interface CheckedInput {
  /** [...instance] or [N, ...instance]. */
  x: Tensor;
  shape: InputShape;
}

/**
 * @param x takes ownership of it.
 * @throws ShapeError, EmptyInputError; no tensor is left behind then.
 */
export function checkedInput(source: Source, x: Tensor): CheckedInput {
  try {
    return { x, shape: inputShape(source, x.shape) };
  } catch (error) {
    x.dispose();
    throw error;
  }
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import type { CompileOptions } from '../linear-map/compiled';
import { assertFiniteInput } from '../linear-map/finite';
import { sizeOf } from '../plan/graph';
import { opened, type Opened, type Placed } from '../linearization/linearize';
import type { Linearizer } from '../linearization/linearizer';

/** Several inputs of one model, as numbers. */
export interface Instances {
  linearizer: Linearizer;
  /** D each, in the order in which they were given. */
  numbers: Float32Array[];
  /** Names of the outputs, where the model has some. */
  labels?: readonly string[];
}

/**
 * Single inputs of a model that lie in one space.
 *
 * @param xs one instance each, as for `linearize`; they stay the caller's.
 * @param refusal the error for inputs of which one is no instance, from their shapes
 * @throws what `refusal` makes, NonFiniteInputError, and what `linearize` throws. No tensor is left behind.
 */
export async function instancesOf(
  model: Model | Placed,
  xs: readonly (Tensor | TensorLike)[],
  options: CompileOptions,
  refusal: (shapes: readonly (readonly number[])[]) => Error,
): Promise<Instances> {
  const all: Opened[] = [];
  try {
    for (const x of xs) all.push(opened(model, x, options));
    const [{ linearizer, labels }] = all;
    const inputs = all.map(({ input }) => input);
    const numbers = await Promise.all(inputs.map(input => input.data<'float32'>()));
    const size = sizeOf(linearizer.inputShape);
    if (numbers.some(({ length }) => length !== size)) throw refusal(inputs.map(({ shape }) => shape));
    numbers.forEach((values, i) => assertFiniteInput(values, inputs[i].shape));
    return { linearizer, numbers, labels };
  } finally {
    tf.dispose(all.map(({ input }) => input));
  }
}

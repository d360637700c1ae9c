import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { heldIn } from '../capture/onnx-source';
import type { Model } from '../capture/source';
import { ModelError } from '../errors';
import type { CompileOptions } from '../linear-map/compiled';
import { assertFiniteInput } from '../linear-map/finite';
import { sizeOf } from '../plan/graph';
import type { CompiledModel } from '../linearization/compiled-model';
import { compiledFor, readInput, type Placed, type ReadInput } from '../linearization/linearize';
import { outputLabels } from '../linearization/output-labels';

/** Several inputs of one model, as numbers. */
export interface Instances {
  model: CompiledModel;
  /** D each, in the order in which they were given. */
  numbers: Float32Array[];
  /** Names of the outputs, one for each. */
  labels: readonly string[];
  /** Names of the D numbers; null if they have none. */
  features: readonly string[] | null;
  /** Whether the outputs are classes, where the largest decides, and not the coordinates of an embedding. */
  compete: boolean;
}

/**
 * Single inputs of a model that lie in one space.
 *
 * @param xs one instance each, as for `linearize`; they stay the caller's.
 * @param refusal creates the error for inputs that are not all single instances, from their shapes
 * @param options labels: names of the outputs; default: those of the model, or their indices.
 * @throws what `refusal` creates, NonFiniteInputError, NameCountError, and what `linearize` throws. No tensor is left behind.
 */
export async function instancesOf(
  model: Model | Placed,
  xs: readonly (Tensor | TensorLike)[],
  options: CompileOptions & { labels?: readonly string[] },
  command: 'path' | 'slice',
  refusal: (shapes: readonly (readonly number[])[]) => Error,
): Promise<Instances> {
  const all: ReadInput[] = [];
  try {
    for (const x of xs) all.push(readInput(model, x, options));
    const [first] = all;
    assertSameHeld(command, all);
    const compiled = await compiledFor(first.source, first.input, options);
    const labels = outputLabels(compiled.outputs, options.labels ?? first.labels, command);
    const inputs = all.map(({ input }) => input.x);
    const numbers = await Promise.all(inputs.map(input => input.data<'float32'>()));
    const size = sizeOf(compiled.inputShape);
    if (numbers.some(({ length }) => length !== size)) throw refusal(inputs.map(({ shape }) => shape));
    numbers.forEach((values, i) => assertFiniteInput(values, inputs[i].shape));
    const { features = null } = first;
    return { model: compiled, numbers, labels, features, compete: first.labels === undefined };
  } finally {
    tf.dispose(all.map(({ input }) => input.x));
  }
}

/** Integers that are held are constants of the network, so one network serves several inputs only if they have the same. @throws ModelError */
function assertSameHeld(command: string, [first, ...others]: readonly ReadInput[]): void {
  const held = heldIn(first.source);
  const differing = held.find((one, i) =>
    others.some(({ source }) => JSON.stringify(heldIn(source)[i]) !== JSON.stringify(one)),
  );
  if (differing !== undefined)
    throw new ModelError(
      `${command}: the input '${differing[0]}' takes integers, which are held at one value, but they differ between the inputs. ` +
        `Give all of them the same '${differing[0]}'.`,
    );
}

import type { CheckedInput } from './checked-input';
import { CompiledAtInput } from './compiled-at-input';
import type { CompiledModel } from './compiled-model';
import { Linearization } from './linearization';
import type { RunOptions } from './run-options';

/**
 * The map of a compiled model at x.
 *
 * @param input takes ownership of its x.
 * @param options features: names of the D numbers of x, if they have any.
 * @returns the linearization, which the caller disposes.
 * @throws NonFiniteInputError, NonFiniteOutputError, NameCountError, AbortError. No tensor is left behind then.
 */
export async function linearizeAt(
  model: CompiledModel,
  input: CheckedInput,
  options: RunOptions & { features?: readonly string[] },
): Promise<Linearization> {
  return new Linearization(await CompiledAtInput.freeze(model, input, options));
}

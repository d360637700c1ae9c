import type { Tensor } from '@tensorflow/tfjs';

const namesOf = new WeakMap<object, readonly string[]>();

/**
 * Remembers the names of the last axis of a tensor, such as those of the columns of a table, for as long as the tensor lives;
 * `linearize` names the numbers of x by them.
 * @param names none: nothing is remembered
 * @returns the tensor
 */
export function withEntryNames<T extends Tensor>(tensor: T, names: readonly string[]): T {
  if (names.length > 0 && names.length === tensor.shape[tensor.rank - 1]) namesOf.set(tensor, names);
  return tensor;
}

/** The names of the last axis of x; undefined if it has none. */
export const entryNames = (x: unknown): readonly string[] | undefined =>
  typeof x === 'object' && x !== null ? namesOf.get(x) : undefined;

import { compactArray, decodeArray } from '../payload';

/**
 * An edited input x' with the numbers that nobody has edited as they are in x: a page knows those of a large x only as far as
 * the notebook keeps them.
 */
export function exactInput(x: Float32Array, shape: readonly number[], edited: Float32Array): Float32Array {
  const { values: seen } = decodeArray(compactArray(x, shape), 'input');
  return edited.map((value, i) => (value === seen[i] ? x[i] : value));
}

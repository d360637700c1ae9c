import type { ExplainedInstance } from '../linearization/explained-instance';
import { compactArray, decodeArray, PageOrder } from '../payload';

/**
 * An edited input x' with the numbers that nobody has edited as they are in x: a page knows those of a large x only as far as
 * the notebook keeps them.
 * @param edited in the order of the page.
 * @returns in the order of the network, [D].
 */
export async function exactInput(instance: ExplainedInstance, edited: Float32Array): Promise<Float32Array> {
  const x = await instance.input();
  const { values: seen } = decodeArray(compactArray(x, instance.shape), 'input');
  return new PageOrder(instance).toNetwork(edited).map((value, i) => (value === seen[i] ? x[i] : value));
}

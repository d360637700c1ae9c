import { decodeArray } from './array-codec';
import type { ArrayPayload } from './linearization';

/** What is wrong with an array of a payload: its shape, or its bytes. @returns one sentence a fault */
export function arrayFaults(name: string, array: ArrayPayload, shape: readonly number[]): string[] {
  if (array.shape.join() !== shape.join())
    return [`${name} has shape [${array.shape.join(', ')}], not [${shape.join(', ')}]`];
  try {
    decodeArray(array);
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

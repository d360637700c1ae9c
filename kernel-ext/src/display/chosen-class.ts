import { ClassIndexError } from '../errors';
import { UnknownLabelError } from './errors';

/** The index of the largest output. */
export const largest = (output: Float32Array): number =>
  output.indexOf(output.reduce((most, value) => Math.max(most, value)));

/** An output by its index or label. @throws UnknownLabelError, ClassIndexError */
export function classIndex(wanted: number | string, labels: readonly string[], command?: string): number {
  const index = typeof wanted === 'string' ? labels.indexOf(wanted) : wanted;
  if (index === -1 && typeof wanted === 'string') throw new UnknownLabelError(wanted, labels, command);
  if (!Number.isInteger(index) || index < 0 || index >= labels.length)
    throw new ClassIndexError(index, labels.length);
  return index;
}

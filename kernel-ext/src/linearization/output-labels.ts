import { NameCountError } from '../errors';

/**
 * The names of C outputs: the given ones, or their indices.
 * @param command the command that got them.
 * @throws NameCountError if there are not C of them.
 */
export function outputLabels(
  outputs: number,
  labels: readonly string[] | undefined,
  command = 'linearize',
): readonly string[] {
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  if (labels.length !== outputs)
    throw new NameCountError(command, 'labels', labels.length, 'outputs', outputs);
  return labels.map(String);
}

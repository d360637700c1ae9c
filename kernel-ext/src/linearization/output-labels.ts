import { nameList } from '../capture/name-list';

/**
 * The names of C outputs: the given ones, or their indices.
 * @param command the command that got them.
 * @throws NameCountError if there are not C of them, LabelsError if they are no list.
 */
export function outputLabels(
  outputs: number,
  labels: readonly string[] | undefined,
  command = 'linearize',
): readonly string[] {
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  return nameList(command, labels, ['outputs', outputs]);
}

import { LabelsError, NameCountError } from '../errors';
import { shownValue } from '../errors/shown-value';

/**
 * Labels from the caller: a list of texts or numbers, one for each thing that they name.
 *
 * @param command the command that got them
 * @param items what they name, in the plural, and how many there are
 * @param options gaps: whether a thing may have no label, null or undefined
 * @throws LabelsError, NameCountError
 */
export function nameList(
  command: string,
  labels: unknown,
  items: readonly [string, number],
  options: { gaps: true },
): (string | null)[];
export function nameList(command: string, labels: unknown, items: readonly [string, number]): string[];
export function nameList(
  command: string,
  labels: unknown,
  [items, count]: readonly [string, number],
  { gaps = false } = {},
): (string | null)[] {
  if (!isListLike(labels)) throw new LabelsError(command, shownValue(labels), null);
  const list = Array.from(labels as ArrayLike<unknown>);
  if (list.length !== count) throw new NameCountError(command, 'labels', list.length, items, count);
  return list.map((label, index) => {
    if (gaps && (label === null || label === undefined)) return null;
    if (!['string', 'number', 'boolean', 'bigint'].includes(typeof label))
      throw new LabelsError(command, shownValue(label), index);
    return String(label);
  });
}

const isListLike = (x: unknown): boolean =>
  typeof x === 'object' && x !== null && 'length' in x && (x.length === 0 || 0 in x);

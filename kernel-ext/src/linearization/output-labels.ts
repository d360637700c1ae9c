import { nameList } from '../capture/name-list';
import { sizeOf } from '../plan/graph';

/**
 * The names of C outputs: the given ones, or their indices. Those of an output of several axes, such as a segmentation, are named
 * by position and class, the last axis: '(12, 40) · sky', or '(12, 40) · class 3'.
 * @param labels C names, or one for each class of an output of several axes.
 * @param command the command that got them.
 * @param shape of one instance of the output.
 * @throws NameCountError if there are more or fewer; LabelsError if they are not a list of texts or numbers.
 */
export function outputLabels(
  outputs: number,
  labels: readonly string[] | undefined,
  command = 'linearize',
  shape: readonly number[] = [outputs],
): readonly string[] {
  const classes = classesOf(shape, labels);
  if (classes !== null) return byPosition(shape, nameList(command, classes, ['classes', classes.length]));
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  return nameList(command, labels, ['outputs', outputs]);
}

/** The names of the classes of an output of several axes; null if it has one axis, or as many names do not fit. */
export function classesOf(shape: readonly number[], labels: readonly string[] | undefined): string[] | null {
  const count = shape.at(-1) ?? 1;
  if (sizeOf(shape) === count || (labels !== undefined && labels?.length !== count)) return null;
  return Array.from({ length: count }, (_, c) => labels?.[c] ?? `class ${c}`);
}

function byPosition(shape: readonly number[], classes: readonly string[]): string[] {
  const axes = shape.slice(0, -1);
  return Array.from({ length: sizeOf(axes) }, (_, position) => {
    const indices = axes.map((length, axis) => Math.floor(position / sizeOf(axes.slice(axis + 1))) % length);
    return classes.map(name => `(${indices.join(', ')}) · ${name}`);
  }).flat();
}

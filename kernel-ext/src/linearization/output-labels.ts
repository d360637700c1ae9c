import { nameList } from '../capture/name-list';
import { channelsIn } from '../linear-map/channels-in';
import { sizeOf } from '../plan/graph';

/**
 * The names of C outputs: the given ones, or their indices. Those of an output of several axes, such as a segmentation, are named
 * by position and class: '(12, 40) · sky', or '(12, 40) · class 3'.
 * @param labels C names, or one for each class of an output of several axes.
 * @param command the command that got them.
 * @param shape of one instance of the output.
 * @param classAxis its axis of the classes.
 * @throws NameCountError if there are more or fewer; LabelsError if they are not a list of texts or numbers.
 */
export function outputLabels(
  outputs: number,
  labels: readonly string[] | undefined,
  command = 'linearize',
  shape: readonly number[] = [outputs],
  classAxis = shape.length - 1,
): readonly string[] {
  const classes = classesOf(shape, labels, classAxis);
  if (classes !== null)
    return byPosition(shape, classAxis, nameList(command, classes, ['classes', classes.length]));
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  return nameList(command, labels, ['outputs', outputs]);
}

/** The names of the classes of an output of several axes; null if it has one axis, or as many names do not fit. */
export function classesOf(
  shape: readonly number[],
  labels: readonly string[] | undefined,
  classAxis: number,
): string[] | null {
  const count = shape[classAxis] ?? 1;
  if (sizeOf(shape) === count || (labels !== undefined && labels?.length !== count)) return null;
  return Array.from({ length: count }, (_, c) => labels?.[c] ?? `class ${c}`);
}

function byPosition(shape: readonly number[], classAxis: number, classes: readonly string[]): string[] {
  const axes = shape.filter((_, axis) => axis !== classAxis);
  const { channelOf, positionOf } = channelsIn(shape, classAxis);
  return Array.from({ length: sizeOf(shape) }, (_, output) => {
    const position = positionOf(output);
    const indices = axes.map((length, axis) => Math.floor(position / sizeOf(axes.slice(axis + 1))) % length);
    return `(${indices.join(', ')}) · ${classes[channelOf(output)]}`;
  });
}

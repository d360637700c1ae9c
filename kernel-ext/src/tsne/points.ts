import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { inputTensor } from '../input/input-tensor';
import { nameList } from '../capture/name-list';
import { type Batches, classNames, isBatches } from '../census/batches';
import { NameCountError } from '../errors';
import { DataShapeError, NonFiniteDataError, TooFewPointsError } from './errors';

/** N points: a tensor [N, ...instance], a nested array, or a data set from `data`. */
export type PointData = Tensor | TensorLike | Batches;

/** A point's class; null if it has none. */
export type PointLabel = string | number | null;

/** With fewer points, neighborhoods mean nothing. */
const FEWEST_POINTS = 4;

/** Rows of numbers, as searches and measures take them. */
export interface Rows {
  /** N */
  readonly count: number;
  /** D */
  readonly width: number;
  /** N·D, row major */
  readonly values: Float32Array;
}

/**
 * @returns [N, ...instance], float32; the caller disposes it.
 * @throws DataShapeError, InputValueError, RaggedInputError, DtypeError
 */
export function pointTensor(data: PointData): Tensor {
  if (isBatches(data)) return data.batch(0, data.length);
  const tensor = inputTensor(data, { command: 'tsne', argument: 'data', integers: true });
  if (tensor.rank >= 2 && !tensor.shape.includes(0)) return tensor;
  tensor.dispose();
  throw new DataShapeError(tensor.shape, '[N, D] or [N, height, width, channels] with N points');
}

/**
 * Reads and checks the numbers of the points.
 * @throws TooFewPointsError, NonFiniteDataError
 */
export async function rowsOf(points: Tensor): Promise<Rows> {
  const values = (await points.data()) as Float32Array;
  const count = points.shape[0];
  const width = values.length / count;
  if (count < FEWEST_POINTS) throw new TooFewPointsError(count, FEWEST_POINTS);
  const bad = values.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) throw new NonFiniteDataError(Math.floor(bad / width), bad % width, values[bad]);
  return { count, width, values };
}

/**
 * Names of the D numbers of a point: those given, else the columns of the data set, else null.
 * @param instance shape of one point
 * @throws NameCountError
 */
export function featuresOf(
  data: PointData,
  instance: readonly number[],
  given: readonly string[] | undefined,
  command: string,
): readonly string[] | null {
  const width = instance.reduce((product, side) => product * side, 1);
  const columns = isBatches(data) && data.columns?.length === width ? data.columns : null;
  if (given && given.length !== width)
    throw new NameCountError(command, 'features', given.length, 'numbers of a point', width);
  return given?.map(String) ?? columns;
}

/**
 * One label per point: those given, else those of the data set, else null.
 * @throws NameCountError, LabelsError
 */
export function labelsOf(
  data: PointData,
  points: number,
  given?: ArrayLike<PointLabel>,
): (string | null)[] | null {
  const labels = given ?? (isBatches(data) ? classNames(data) : undefined);
  if (labels === undefined) return null;
  return nameList('tsne', labels, ['points', points], { gaps: true });
}

import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { inputTensor } from '../input/input-tensor';
import { nameList } from '../capture/name-list';
import type { Model } from '../capture/source';
import { CensusDataError, ShapeError } from '../errors';
import type { CompileOptions } from '../linear-map/compiled';
import { prepareInput, type PreparedInput } from '../linearization/linearize';

/** Instances that are read in batches, as the data sets of `data` are. */
export interface Batches {
  readonly length: number;
  /** The class of each instance, null where it has none; absent or empty if there are no classes. */
  readonly labels?: ArrayLike<string | number | null>;
  /** Names of the classes, if labels are indices into them. */
  readonly names?: readonly string[];
  /** Names of the numbers of one instance, for tables; absent or empty if they have none. */
  readonly columns?: readonly string[];
  /** @returns [count, ...instance], float32; the caller disposes it. */
  batch(from: number, count: number): Tensor;
}

/** The class of each instance of a data set, by name; undefined if it has no classes. */
export function classNames({ labels, names }: Batches): (string | null)[] | undefined {
  if (labels === undefined || labels.length === 0) return undefined;
  return Array.from(labels, label => (label === null ? null : (names?.[Number(label)] ?? String(label))));
}

/** The command that reads the data set. */
type Asker = 'census' | 'atlas';

/**
 * Data in batches, and a function that frees the tensor made for it.
 * @param data [N, ...instance], as a tensor, a nested array, or a data set from `data`; it stays the caller's.
 * @throws CensusDataError, InputValueError, RaggedInputError, DtypeError
 */
export function batchesOf(
  data: Tensor | TensorLike | Batches,
  asker: Asker,
): { batches: Batches; dispose: () => void } {
  if (isBatches(data)) return { batches: data, dispose: () => {} };
  const all = inputTensor(data, { command: asker, argument: 'data', integers: true });
  const { shape } = all;
  if (shape.length < 2 || shape.includes(0)) {
    all.dispose();
    throw new CensusDataError(`the data has shape [${shape}]`, asker);
  }
  const rest = shape.slice(1);
  const batch = (from: number, count: number) => all.slice([from, ...rest.map(() => 0)], [count, ...rest]);
  return { batches: { length: shape[0], batch }, dispose: () => all.dispose() };
}

/**
 * The model compiled for some instances of a data set, and these as its input.
 * @param batch [count, ...instance]; it stays the caller's.
 * @throws CensusDataError if the model takes other instances, and as `prepareInput`
 */
export async function preparedInstances(
  model: Model,
  batch: Tensor,
  options: CompileOptions,
  { asker, instances }: { asker: Asker; instances: number },
): Promise<PreparedInput> {
  try {
    const prepared = await prepareInput(model, batch, options);
    const { source } = prepared.model;
    // Some instances of another shape may look like one instance.
    if (source.instance === undefined || prepared.input.shape.batched) return prepared;
    prepared.input.x.dispose();
    throw new ShapeError(source.instance, batch.shape);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw otherInstances(error.expected, [instances, ...batch.shape.slice(1)], asker);
  }
}

function otherInstances(
  expected: readonly (number | null)[],
  shape: readonly number[],
  asker: Asker,
): CensusDataError {
  const isOne = shape.length === expected.length && expected.every((d, i) => d === null || d === shape[i]);
  const what = isOne ? 'is one instance' : `has instances of shape [${shape.slice(1).join(', ')}]`;
  const wanted = expected.map(d => d ?? 'any').join(', ');
  return new CensusDataError(
    `the data, [${shape.join(', ')}], ${what}, but the model takes instances of shape [${wanted}]`,
    asker,
  );
}

/** The class of each instance as the caller or the data set names it; null without labels. @throws NameCountError, LabelsError */
export function namesOf(given: Batches['labels'], batches: Batches, asker: Asker): (string | null)[] | null {
  const labels = given ?? classNames(batches);
  if (labels === undefined) return null;
  return nameList(asker, labels, ['instances', batches.length], { gaps: true });
}

export const isBatches = (data: unknown): data is Batches =>
  typeof data === 'object' && data !== null && 'batch' in data && typeof data.batch === 'function';

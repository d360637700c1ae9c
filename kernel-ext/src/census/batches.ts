import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { CensusDataError } from '../errors';

/** Instances that are asked for in batches, as the data sets of `data` are. */
export interface Batches {
  readonly length: number;
  readonly labels?: ArrayLike<string | number | null>;
  /** @returns [count, ...instance], float32; the census disposes it. */
  batch(from: number, count: number): Tensor;
}

/** What is asked of a data set: 'census' or 'atlas'. */
type Asker = 'census' | 'atlas';

/**
 * Data in batches, and how to free what was made for it.
 * @param data [N, ...instance], as a tensor, a nested array, or a data set from `data`; it stays the caller's.
 * @throws CensusDataError
 */
export function batchesOf(
  data: Tensor | TensorLike | Batches,
  asker: Asker,
): { batches: Batches; dispose: () => void } {
  if (isBatches(data)) return { batches: data, dispose: () => {} };
  const all = data instanceof tf.Tensor ? data.toFloat() : tf.tensor(data, undefined, 'float32');
  const { shape } = all;
  if (shape.length < 2 || shape.includes(0)) {
    all.dispose();
    throw new CensusDataError(`the data has shape [${shape}]`, asker);
  }
  const rest = shape.slice(1);
  const batch = (from: number, count: number) => all.slice([from, ...rest.map(() => 0)], [count, ...rest]);
  return { batches: { length: shape[0], batch }, dispose: () => all.dispose() };
}

/** The class of each instance as the caller or the data set names it; null without. @throws CensusDataError */
export function namesOf(given: Batches['labels'], batches: Batches, asker: Asker): (string | null)[] | null {
  const labels = given ?? batches.labels;
  if (labels === undefined) return null;
  if (labels.length !== batches.length)
    throw new CensusDataError(`there are ${labels.length} labels for ${batches.length} instances`, asker);
  return Array.from(labels, label => (label === null ? null : String(label)));
}

const isBatches = (data: unknown): data is Batches =>
  typeof data === 'object' && data !== null && 'batch' in data && typeof data.batch === 'function';

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { withEntryNames } from '../input/named-entries';
import { DataIndexError } from './errors';

/** What a data set is made of. */
export interface LabeledDataFacts {
  /** N·size numbers, row major, where size is the product of `shape`. */
  values: Uint8Array | Float32Array;
  /** Shape of one instance: [H, W, C] for images, [D] for rows of a table. */
  shape: readonly number[];
  /** N indices into `names`; empty if the instances have no classes. */
  labels: Uint8Array | Int32Array;
  /** Names of the classes, by index. */
  names: string[];
  /** What the values are divided by, for example 255 for bytes of images. Default: 1. */
  scale?: number;
  /** Names of the D columns of a table. Default: none. */
  columns?: string[];
}

/**
 * N instances of one shape, images or rows of a table, with the class of each if they have classes. The numbers are kept as
 * they were read; tensors are made on request. `linearize` names the numbers of a row by the columns of the table.
 */
export class LabeledData<Instance extends Tensor = Tensor, Batch extends Tensor = Tensor> {
  readonly labels: Uint8Array | Int32Array;
  /** Names of the classes, by index. */
  readonly names: string[];
  /** Names of the columns of a table; empty for images. */
  readonly columns: readonly string[];
  /** Shape of one instance. */
  readonly shape: readonly number[];
  private readonly values: Uint8Array | Float32Array;
  private readonly size: number;
  private readonly scale: number;

  constructor({ values, shape, labels, names, scale = 1, columns = [] }: LabeledDataFacts) {
    this.values = values;
    this.shape = shape;
    this.size = shape.reduce((product, d) => product * d, 1);
    this.labels = labels;
    this.names = names;
    this.scale = scale;
    this.columns = columns;
  }

  /** N, the number of instances. */
  get length(): number {
    return this.values.length / this.size;
  }

  /**
   * @param i index of the instance, 0…N−1
   * @returns an image [H, W, C] in 0…1, or a row [D], float32; the caller disposes it.
   * @throws {DataIndexError} if there is no such instance.
   */
  instance(i: number): Instance {
    this.check(`instance(${i})`, i, 1);
    return withEntryNames(tf.tensor(this.scaled(i, 1), [...this.shape]) as Instance, this.columns);
  }

  /**
   * @param from index of the first instance
   * @param count how many, at least 1
   * @returns [count, ...shape], float32; the caller disposes it.
   * @throws {DataIndexError} if the range leaves the data set.
   */
  batch(from: number, count: number): Batch {
    this.check(`batch(${from}, ${count})`, from, count);
    return withEntryNames(tf.tensor(this.scaled(from, count), [count, ...this.shape]) as Batch, this.columns);
  }

  /** All instances: [N, ...shape], float32; the caller disposes it. */
  toTensor(): Batch {
    return this.batch(0, this.length);
  }

  /**
   * All instances, each number shifted to mean 0 and scaled to standard deviation 1 over the data set; constant ones become 0.
   * @returns [N, ...shape]; the caller disposes it.
   */
  standardized(): Batch {
    const shifted = tf.tidy(() => {
      const all = this.toTensor();
      const { mean, variance } = tf.moments(all, 0);
      return all.sub(mean).div(variance.sqrt().maximum(1e-12)) as Batch;
    });
    return withEntryNames(shifted, this.columns);
  }

  private check(call: string, from: number, count: number): void {
    const fits = Number.isInteger(from) && Number.isInteger(count) && from >= 0 && count >= 1;
    if (!fits || from + count > this.length) throw new DataIndexError(call, this.length);
  }

  private scaled(from: number, count: number): Float32Array {
    const some = this.values.subarray(from * this.size, (from + count) * this.size);
    // Not Float32Array.from, which keeps a list of all numbers: 50,000 photographs have 154 million.
    const numbers = new Float32Array(some.length);
    for (let k = 0; k < some.length; k++) numbers[k] = some[k] / this.scale;
    return numbers;
  }
}

/** A data set of images, [H, W, C] each. */
export type ImageSet = LabeledData<tf.Tensor3D, tf.Tensor4D>;

/** A table: rows of D numbers. */
export type Table = LabeledData<tf.Tensor1D, tf.Tensor2D>;

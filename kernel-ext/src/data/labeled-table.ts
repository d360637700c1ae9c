import * as tf from '@tensorflow/tfjs';
import { DataIndexError } from './errors';

/** Rows of numbers, with a class each if the table has them. */
export class LabeledTable {
  /**
   * @param values N·D numbers, row major
   * @param columns names of the D columns
   * @param labels N class indices; none if the table has no classes
   * @param names the classes' names, by index
   */
  constructor(
    private readonly values: Float32Array,
    readonly columns: string[],
    readonly labels: Int32Array,
    readonly names: string[],
  ) {}

  /** N, the number of rows. */
  get length(): number {
    return this.values.length / this.columns.length;
  }

  /** Every row: [N, D], float32 as the values are; the caller disposes it. */
  toTensor(): tf.Tensor2D {
    return this.batch(0, this.length);
  }

  /**
   * Every row with each column moved to mean 0 and scaled to standard deviation 1; constant columns become 0.
   * @returns [N, D]; the caller disposes it.
   */
  standardized(): tf.Tensor2D {
    return tf.tidy(() => {
      const all = this.toTensor();
      const { mean, variance } = tf.moments(all, 0);
      return all.sub(mean).div(variance.sqrt().maximum(1e-12)) as tf.Tensor2D;
    });
  }

  /**
   * @param i index of the row, 0…N−1
   * @returns [D], float32; the caller disposes it.
   * @throws {DataIndexError} if there is no such row.
   */
  row(i: number): tf.Tensor1D {
    this.check(`row(${i})`, i, 1);
    const width = this.columns.length;
    return tf.tensor1d(this.values.slice(i * width, (i + 1) * width));
  }

  /**
   * @param from index of the first row
   * @param count how many, at least 1
   * @returns [count, D], float32; the caller disposes it.
   * @throws {DataIndexError} if the range leaves the table.
   */
  batch(from: number, count: number): tf.Tensor2D {
    this.check(`batch(${from}, ${count})`, from, count);
    const width = this.columns.length;
    return tf.tensor2d(this.values.slice(from * width, (from + count) * width), [count, width]);
  }

  private check(call: string, from: number, count: number): void {
    const fits = Number.isInteger(from) && Number.isInteger(count) && from >= 0 && count >= 1;
    if (!fits || from + count > this.length) throw new DataIndexError(call, this.length, 'rows');
  }
}

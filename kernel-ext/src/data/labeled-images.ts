import * as tf from '@tensorflow/tfjs';
import { DataIndexError } from './errors';

/** Images with a class each, kept as bytes; tensors are made when they are asked for. */
export class LabeledImages {
  private whole: tf.Tensor4D | undefined;

  /**
   * @param pixels N·H·W·C bytes, row major
   * @param labels N class indices
   * @param imageShape [H, W, C] of one image
   * @param names the classes' names, by index
   * @param white the value that becomes 1
   */
  constructor(
    private readonly pixels: Uint8Array,
    readonly labels: Uint8Array,
    private readonly imageShape: [number, number, number],
    readonly names: string[],
    private readonly white = 255,
  ) {}

  /** N, the number of images. */
  get length(): number {
    return this.labels.length;
  }

  /**
   * Every image: [N, H, W, C], float32 in 0..1. Made at the first access and the same tensor from then on;
   * the caller disposes it (the next access makes it anew).
   */
  get images(): tf.Tensor4D {
    if (!this.whole || this.whole.isDisposed) this.whole = this.batch(0, this.length);
    return this.whole;
  }

  /**
   * @param i index of the image, 0…N−1
   * @returns [H, W, C], float32 in 0..1; the caller disposes it.
   * @throws {DataIndexError} if there is no such image.
   */
  image(i: number): tf.Tensor3D {
    this.check(`image(${i})`, i, 1);
    return tf.tensor3d(this.scaled(i, 1), this.imageShape);
  }

  /**
   * @param from index of the first image
   * @param count how many, at least 1
   * @returns [count, H, W, C], float32 in 0..1; the caller disposes it.
   * @throws {DataIndexError} if the range leaves the data set.
   */
  batch(from: number, count: number): tf.Tensor4D {
    this.check(`batch(${from}, ${count})`, from, count);
    return tf.tensor4d(this.scaled(from, count), [count, ...this.imageShape]);
  }

  private check(call: string, from: number, count: number): void {
    const fits = Number.isInteger(from) && Number.isInteger(count) && from >= 0 && count >= 1;
    if (!fits || from + count > this.length) throw new DataIndexError(call, this.length);
  }

  private scaled(from: number, count: number): Float32Array {
    const size = this.imageShape[0] * this.imageShape[1] * this.imageShape[2];
    const { white } = this;
    const bytes = this.pixels.subarray(from * size, (from + count) * size);
    // Not Float32Array.from, which keeps a list of all numbers: 50,000 photographs have 154 million.
    const values = new Float32Array(bytes.length);
    for (let k = 0; k < bytes.length; k++) values[k] = bytes[k] / white;
    return values;
  }
}

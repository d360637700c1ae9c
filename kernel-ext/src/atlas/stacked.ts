import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Operator } from '../linear-map/operator';

/** A map that is written out, [C, D]: here the maps of many instances below one another. */
export class Stacked implements Operator {
  readonly instances = 1;
  private readonly matrix: tf.Tensor2D;

  constructor(
    private readonly values: Float32Array,
    readonly outputs: number,
    readonly inputs: number,
    readonly memory: number,
  ) {
    this.matrix = tf.tensor2d(values, [outputs, inputs]);
  }

  get isDisposed(): boolean {
    return this.matrix.isDisposed;
  }

  async rows(indices: readonly number[]): Promise<Tensor> {
    return tf.tidy(() => this.matrix.gather(tf.tensor1d([...indices], 'int32')));
  }

  known(): Float32Array | null {
    return null;
  }

  async pullBack(u: Tensor): Promise<Tensor> {
    return tf.tidy(() => tf.matMul(u.as2D(u.shape[0], this.outputs), this.matrix));
  }

  async pushForward(v: Tensor): Promise<Tensor> {
    return tf.tidy(() => tf.matMul(v.as2D(v.shape[0], this.inputs), this.matrix, false, true));
  }

  async rankBound(): Promise<number> {
    return Math.min(this.outputs, this.inputs);
  }

  /** Sum of all squares. */
  squares(): number {
    return this.values.reduce((sum, v) => sum + v * v, 0);
  }

  dispose(): void {
    this.matrix.dispose();
  }
}

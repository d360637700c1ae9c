import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { ClassIndexError, DisposedError, MemoryBudgetError, VectorShapeError } from '../errors';
import type { FrozenNetwork } from './frozen-network';

/**
 * W as an operator, C × D for each instance. It is rarely written out: rows are pulled back through the frozen network,
 * products are pushed forward. Tensors that methods take stay the caller's; tensors that they return belong to the caller.
 */
export class LinearMap {
  /** [C, D] */
  readonly shape: readonly [number, number];

  /**
   * @param instance shape of one instance of x; its size is D.
   * @param batch N for a batch, null for one instance, whose results have no axis of instances.
   */
  constructor(
    private readonly network: FrozenNetwork,
    private readonly instance: readonly number[],
    private readonly batch: number | null,
  ) {
    this.shape = [network.plan.outputs, instance.reduce((a, b) => a * b, 1)];
  }

  /**
   * Some rows of W.
   * @param indices outputs, each from 0 to C − 1; any order, repeats allowed.
   * @returns [R, ...instance], or [N, R, ...instance] for a batch; float32.
   * @throws ClassIndexError, DisposedError
   */
  async rows(indices: readonly number[]): Promise<Tensor> {
    this.assertAlive();
    const [outputs] = this.shape;
    for (const index of indices) {
      if (!Number.isInteger(index) || index < 0 || index >= outputs)
        throw new ClassIndexError(index, outputs);
    }
    const count = indices.length;
    const shape = [...(this.batch === null ? [] : [this.batch]), count, ...this.instance];
    const known = this.network.known(indices);
    if (known !== null) return tf.tensor(known, shape);
    if (count === 0) return tf.zeros(shape);
    const rows = await this.network.rows(indices);
    const result = tf.tidy(() => this.instancesFirst(rows, count));
    rows.dispose();
    return result;
  }

  /**
   * W·v.
   * @param v D numbers in any shape, or N·D for a batch.
   * @returns [C], or [N, C] for a batch.
   * @throws VectorShapeError, DisposedError
   */
  async apply(v: Tensor): Promise<Tensor> {
    const [outputs, inputs] = this.shape;
    return this.mapped('apply', v, inputs, [outputs], one => this.network.pushForward(one));
  }

  /**
   * Wᵀ·u: how the sum of the outputs weighted by u depends on x.
   * @param u C numbers in any shape, or N·C for a batch.
   * @returns in x's shape.
   * @throws VectorShapeError, DisposedError
   */
  async applyTranspose(u: Tensor): Promise<Tensor> {
    return this.mapped('applyTranspose', u, this.shape[0], this.instance, one => this.network.pullBack(one));
  }

  /**
   * W written out.
   * @returns [C, D], or [N, C, D] for a batch.
   * @throws MemoryBudgetError if it takes more than the budget that `linearize` was given; DisposedError
   */
  async toTensor(): Promise<Tensor> {
    const [outputs, inputs] = this.shape;
    const bytes = 4 * this.instances * outputs * inputs;
    if (bytes > this.network.memory) throw new MemoryBudgetError(bytes, this.network.memory);
    this.assertAlive();
    const all = [...Array(outputs).keys()];
    const shape = [...(this.batch === null ? [] : [this.batch]), outputs, inputs];
    const known = this.network.known(all);
    if (known !== null) return tf.tensor(known, shape);
    const rows = await this.rows(all);
    const matrix = rows.reshape(shape);
    rows.dispose();
    return matrix;
  }

  private get instances(): number {
    return this.network.plan.instances;
  }

  private async mapped(
    method: string,
    v: Tensor,
    size: number,
    result: readonly number[],
    map: (stack: Tensor) => Promise<Tensor>,
  ): Promise<Tensor> {
    this.assertAlive();
    const expected = this.instances * size;
    if (v.size !== expected) throw new VectorShapeError(method, expected, v.size);
    const stack = tf.tidy(() => v.toFloat().reshape([1, expected]));
    const mapped = await map(stack);
    const shaped = mapped.reshape([...(this.batch === null ? [] : [this.batch]), ...result]);
    tf.dispose([stack, mapped]);
    return shaped;
  }

  /** [R, N·D] → [N, R, ...instance], or [R, ...instance] without an axis of instances. */
  private instancesFirst(rows: Tensor, count: number): Tensor {
    if (this.batch === null) return rows.reshape([count, ...this.instance]);
    const apart = rows.reshape([count, this.batch, this.shape[1]]).transpose([1, 0, 2]);
    return apart.reshape([this.batch, count, ...this.instance]);
  }

  private assertAlive(): void {
    if (this.network.isDisposed) throw new DisposedError();
  }
}

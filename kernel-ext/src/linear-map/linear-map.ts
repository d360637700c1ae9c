import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { withInputTensor } from '../input/input-tensor';
import { ClassIndexError, DisposedError, MemoryBudgetError, RankError, VectorShapeError } from '../errors';
import { checkOption, checkOptions, oneOf, WORK } from '../errors/check-options';
import { blocksOf } from '../plan/programs';
import { Composed } from './composed';
import type { Operator } from './operator';
import { svd, type Triplets } from './svd';
import { partOf, stepDone, type Work } from './work';
import { withWorkBar } from './work-bar';

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
   * @param work how to watch and cancel long work, unless a method is given its own.
   */
  constructor(
    private readonly operator: Operator,
    private readonly instance: readonly number[],
    private readonly batch: number | null,
    private readonly work: Work = {},
  ) {
    this.shape = [operator.outputs, instance.reduce((a, b) => a * b, 1)];
  }

  /**
   * Some rows of W.
   * @param indices outputs, each from 0 to C − 1; any order, repeats allowed.
   * @returns [R, ...instance], or [N, R, ...instance] for a batch; float32.
   * @throws ClassIndexError, DisposedError, AbortError
   */
  async rows(indices: readonly number[], work: Work = this.work): Promise<Tensor> {
    this.assertAlive();
    for (const index of indices) this.assertOutput(index);
    const count = indices.length;
    const shape = [...(this.batch === null ? [] : [this.batch]), count, ...this.instance];
    const known = this.operator.known(indices);
    if (known !== null) return tf.tensor(known, shape);
    if (count === 0) return tf.zeros(shape);
    const facts = { label: 'Rows of W', total: count * this.instances, unit: 'rows' };
    const rows = await withWorkBar(facts, work, watched => this.operator.rows(indices, watched));
    const result = tf.tidy(() => this.instancesFirst(rows, count));
    rows.dispose();
    return result;
  }

  /**
   * W·v.
   * @param v D numbers in any shape, or N·D for a batch.
   * @returns [C], or [N, C] for a batch.
   * @throws VectorShapeError, InputValueError, RaggedInputError, DtypeError, DisposedError
   */
  async apply(v: Tensor | TensorLike): Promise<Tensor> {
    const [outputs, inputs] = this.shape;
    return this.mapped('apply', v, inputs, [outputs], one => this.operator.pushForward(one, this.work));
  }

  /**
   * Wᵀ·u: how the sum of the outputs weighted by u depends on x.
   * @param u C numbers in any shape, or N·C for a batch.
   * @returns in x's shape.
   * @throws VectorShapeError, InputValueError, RaggedInputError, DtypeError, DisposedError
   */
  async applyTranspose(u: Tensor | TensorLike): Promise<Tensor> {
    return this.mapped('applyTranspose', u, this.shape[0], this.instance, one =>
      this.operator.pullBack(one, this.work),
    );
  }

  /**
   * W written out.
   * @returns [C, D], or [N, C, D] for a batch.
   * @throws MemoryBudgetError if it takes more than the budget that `linearize` was given; DisposedError, AbortError
   */
  async toTensor(work: Work = this.work): Promise<Tensor> {
    const [outputs, inputs] = this.shape;
    const bytes = 4 * this.instances * outputs * inputs;
    if (bytes > this.operator.memory) throw new MemoryBudgetError(bytes, this.operator.memory);
    this.assertAlive();
    const all = [...Array(outputs).keys()];
    const shape = [...(this.batch === null ? [] : [this.batch]), outputs, inputs];
    const known = this.operator.known(all);
    if (known !== null) return tf.tensor(known, shape);
    const rows = await this.rows(all, work);
    const matrix = rows.reshape(shape);
    rows.dispose();
    return matrix;
  }

  /**
   * The size of W: 'frobenius', the root of the sum of all squares, from tiles of rows within the memory budget; or
   * 'spectral', the most that W stretches any v, to about 1e-6.
   * @returns a scalar, or [N] for a batch.
   * @throws DisposedError, AbortError
   */
  async norm(kind: 'frobenius' | 'spectral' = 'frobenius', work: Work = this.work): Promise<Tensor> {
    this.assertAlive();
    checkOption('LinearMap.norm', 'kind', kind, oneOf('frobenius', 'spectral'));
    checkOptions('LinearMap.norm', work, WORK);
    const norms = kind === 'spectral' ? await this.spectral(work) : await this.frobenius(work);
    return tf.tensor(Float32Array.from(norms), this.batch === null ? [] : [this.batch]);
  }

  /**
   * An upper bound on the rank of W: the smallest of C, D, and the number of open units where the network
   * is narrowest. For a batch the bound applies to every instance.
   * @throws DisposedError
   */
  async rankBound(): Promise<number> {
    this.assertAlive();
    return this.operator.rankBound();
  }

  /**
   * The k largest singular values of W, largest first, with their vectors: W ≈ Σ values[i]·left[i]·right[i]ᵀ. W is never
   * written out: up to 12 times, k + 8 vectors are pushed forward and pulled back (block Krylov iteration, arXiv 1504.05477,
   * which descends from Golub–Kahan bidiagonalization and Halko, Martinsson & Tropp, arXiv 0909.4061). Values are accurate to
   * about 1e-6 of the largest one.
   * @param k from 1 to min(C, D).
   * @returns values [K], left [K, C], right [K, ...instance], with a leading axis N for a batch; K is k, or the rank
   *   of W if that is lower. The caller disposes the three.
   * @throws RankError, DisposedError, AbortError
   */
  async svd(k: number, work: Work = this.work): Promise<{ values: Tensor; left: Tensor; right: Tensor }> {
    this.assertAlive();
    checkOptions('LinearMap.svd', work, WORK);
    const most = Math.min(...this.shape);
    if (!Number.isInteger(k) || k < 1 || k > most) throw new RankError(k, most);
    const maps = await this.triplets(k, work);
    const count = Math.max(...maps.map(map => map.values.length));
    const packed = (
      rows: (map: Triplets) => readonly ArrayLike<number>[],
      size: number,
      shape: readonly number[],
    ) => {
      const values = new Float32Array(maps.length * count * size);
      maps.forEach((map, n) => rows(map).forEach((row, i) => values.set(row, (n * count + i) * size)));
      return tf.tensor(values, [...(this.batch === null ? [] : [this.batch]), count, ...shape]);
    };
    const [outputs, inputs] = this.shape;
    return {
      values: packed(map => map.values.map(value => [value]), 1, []),
      left: packed(map => map.left, outputs, [outputs]),
      right: packed(map => map.right, inputs, this.instance),
    };
  }

  /**
   * This map after another: the product W·inner, which is not written out. It lives as long as both.
   * @param inner gives what this one takes, for the same number of instances.
   * @throws ComposeError
   */
  compose(inner: LinearMap): LinearMap {
    return new LinearMap(new Composed(this.operator, inner.operator), inner.instance, inner.batch, this.work);
  }

  private async spectral(work: Work): Promise<number[]> {
    return (await this.triplets(1, work)).map(({ values }) => values[0] ?? 0);
  }

  private triplets(k: number, work: Work): Promise<Triplets[]> {
    const facts = { label: 'Singular values of W', total: 100, unit: '%' };
    return withWorkBar(facts, work, watched => svd(this.operator, k, watched));
  }

  private frobenius(work: Work): Promise<number[]> {
    const facts = { label: 'Norm of W', total: this.shape[0] * this.instances, unit: 'rows' };
    return withWorkBar(facts, work, watched => this.rootsOfSquares(watched));
  }

  private async rootsOfSquares(work: Work): Promise<number[]> {
    const [outputs, inputs] = this.shape;
    const squares = new Float64Array(this.instances);
    const tile = Math.max(1, Math.floor(this.operator.memory / (4 * this.instances * inputs)));
    for (const [begin, length] of blocksOf(outputs, tile)) {
      const indices = Array.from({ length }, (_, i) => begin + i);
      const part = partOf(work, begin / outputs, (begin + length) / outputs);
      const rows = await this.operator.rows(indices, part);
      const values = (await rows.data()) as Float32Array;
      rows.dispose();
      values.forEach((v, i) => (squares[Math.floor(i / inputs) % this.instances] += v * v));
      await stepDone();
    }
    return [...squares].map(Math.sqrt);
  }

  private get instances(): number {
    return this.operator.instances;
  }

  private async mapped(
    method: string,
    v: Tensor | TensorLike,
    size: number,
    result: readonly number[],
    map: (stack: Tensor) => Promise<Tensor>,
  ): Promise<Tensor> {
    this.assertAlive();
    const expected = this.instances * size;
    const argument = method === 'apply' ? 'v' : 'u';
    return withInputTensor(v, { command: `LinearMap.${method}`, argument, integers: true }, async read => {
      if (read.size !== expected) throw new VectorShapeError(method, expected, read.size);
      const stack = read.reshape([1, expected]);
      try {
        const mapped = await map(stack);
        const shaped = mapped.reshape([...(this.batch === null ? [] : [this.batch]), ...result]);
        mapped.dispose();
        return shaped;
      } finally {
        stack.dispose();
      }
    });
  }

  /** [R, N·D] → [N, R, ...instance], or [R, ...instance] without an axis of instances. */
  private instancesFirst(rows: Tensor, count: number): Tensor {
    if (this.batch === null) return rows.reshape([count, ...this.instance]);
    const apart = rows.reshape([count, this.batch, this.shape[1]]).transpose([1, 0, 2]);
    return apart.reshape([this.batch, count, ...this.instance]);
  }

  /** @throws ClassIndexError */
  assertOutput(index: number): void {
    const [outputs] = this.shape;
    if (!Number.isInteger(index) || index < 0 || index >= outputs) throw new ClassIndexError(index, outputs);
  }

  private assertAlive(): void {
    if (this.operator.isDisposed) throw new DisposedError();
  }
}

import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { gaussian } from './gaussian';
import { newDirections } from './new-directions';
import type { Operator } from './operator';
import { partOf, tileDone, type Work } from './work';

/** Leading singular triplets of one map, the largest value first. */
export interface Triplets {
  values: number[];
  /** [C] each. */
  left: Float64Array[];
  /** [D] each. */
  right: Float64Array[];
}

/** Vectors in a block in addition to the k that are wanted; they help the k-th value converge. */
const OVERSAMPLING = 8;
/** Number of blocks after which the result is taken as it is; a spectrum of 1/√i needs 5. */
const MOST_BLOCKS = 12;
/** Change of the values, relative to the largest, at which they have converged: the rounding of W·v in float32. */
const CONVERGED = 2e-7;
/** Share of the largest value below which a value is the rounding of float32. */
const ROUNDING = 1e-7;

/**
 * Leading singular triplets of each of N maps by block Krylov iteration (Musco & Musco, arXiv 1504.05477; the block form of
 * Golub and Kahan's bidiagonalization, doi 10.1137/0702016, from a random start as in Halko, Martinsson & Tropp,
 * arXiv 0909.4061): an orthonormal basis Q of W's range grows block by block, and QᵀW, pulled back, is decomposed through its
 * Gram matrix in float64. W is never written out; each block takes k + 8 pushes and as many pulls. Values are accurate to about
 * 1e-6 of the largest one, which is float32 rounding, whether they are distinct, equal or clustered.
 *
 * @returns N times k triplets, or fewer where the rank is lower. Values below 1e-7 of the largest are rounding and left out.
 */
export async function svd(op: Operator, k: number, work: Work): Promise<Triplets[]> {
  const size = Math.min(k + OVERSAMPLING, op.outputs, op.inputs);
  const start = await gaussian(size, op.inputs * op.instances, 1);
  const maps = Array.from({ length: op.instances }, () => new Subspace());
  let vectors: readonly ArrayLike<number>[][] = partsOf(start, size, op.instances);
  for (let i = 0; i < MOST_BLOCKS; i++) {
    const part = partOf(work, i / MOST_BLOCKS, (i + 1) / MOST_BLOCKS);
    const pushed = await mapped(vectors, op.inputs, stack => op.pushForward(stack, partOf(part, 0, 0.5)));
    const blocks = maps.map((map, n) => newDirections(pushed[n], map.basis));
    if (blocks.every(block => block.length === 0)) break;
    const pulled = await mapped(blocks, op.outputs, stack => op.pullBack(stack, partOf(part, 0.5, 1)));
    const settled = maps.map((map, n) => map.grow(blocks[n], pulled[n], k));
    await tileDone(part, 1);
    if (settled.every(Boolean)) break;
    vectors = pulled;
  }
  work.onProgress?.(1);
  return maps.map(map => map.triplets(k));
}

/** An orthonormal basis Q, the rows QᵀW, and the singular values that follow. */
class Subspace {
  readonly basis: Float64Array[] = [];
  /** QᵀW */
  private readonly pulled: Float32Array[] = [];
  /** (QᵀW)(QᵀW)ᵀ, whose eigenvalues are squares of singular values. */
  private readonly gram: number[][] = [];
  private values: number[] = [];
  private vectors = new Matrix(0, 0);

  /** @returns whether the k values have stopped changing. */
  grow(block: readonly Float64Array[], pulled: readonly Float32Array[], k: number): boolean {
    if (block.length === 0) return true;
    block.forEach((direction, i) => {
      this.basis.push(direction);
      this.pulled.push(pulled[i]);
      const products = this.pulled.map(row => dot(row, pulled[i]));
      this.gram.forEach((row, j) => row.push(products[j]));
      this.gram.push(products);
    });
    const before = this.values.slice(0, k);
    this.decompose();
    const now = this.values.slice(0, k);
    return now.length === before.length && now.every((v, i) => Math.abs(v - before[i]) <= CONVERGED * now[0]);
  }

  triplets(k: number): Triplets {
    const count = this.values.findIndex((value, i) => i >= k || value <= ROUNDING * this.values[0]);
    const values = this.values.slice(0, count < 0 ? this.values.length : count);
    const combined = (rows: readonly ArrayLike<number>[], i: number, scale: number) =>
      combination(rows, this.vectors.getColumn(i), scale);
    return {
      values,
      left: values.map((_, i) => combined(this.basis, i, 1)),
      right: values.map((value, i) => combined(this.pulled, i, 1 / value)),
    };
  }

  /** The Gram matrix is scaled first, since squares of small values would underflow. */
  private decompose(): void {
    const scale = Math.max(...this.gram.map((row, i) => row[i]));
    const scaled = new Matrix(this.gram).div(scale || 1);
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
    this.values = order.map(i => Math.sqrt(Math.max(0, realEigenvalues[i]) * scale));
    this.vectors = eigenvectorMatrix.subMatrixColumn(order);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Σ weights[i]·rows[i]·scale */
function combination(
  rows: readonly ArrayLike<number>[],
  weights: readonly number[],
  scale: number,
): Float64Array {
  const sum = new Float64Array(rows[0].length);
  rows.forEach((row, i) => {
    for (let j = 0; j < sum.length; j++) sum[j] += scale * weights[i] * row[j];
  });
  return sum;
}

/** Sends rows of N maps through W as one stack; missing rows are zeros. */
async function mapped(
  parts: readonly (readonly ArrayLike<number>[])[],
  width: number,
  map: (stack: tf.Tensor) => Promise<tf.Tensor>,
): Promise<Float32Array[][]> {
  const height = Math.max(...parts.map(part => part.length));
  const values = new Float32Array(height * parts.length * width);
  parts.forEach((part, n) => part.forEach((row, i) => values.set(row, (i * parts.length + n) * width)));
  const stack = tf.tensor2d(values, [height, parts.length * width]);
  try {
    const result = await map(stack);
    const numbers = await result.data<'float32'>();
    result.dispose();
    return partsOf(numbers, height, parts.length).map((rows, n) => rows.slice(0, parts[n].length));
  } finally {
    stack.dispose();
  }
}

/** [L, N·S] row major as L rows of each of N maps. */
function partsOf(values: Float32Array, height: number, count: number): Float32Array[][] {
  const size = values.length / (height * count);
  return Array.from({ length: count }, (_, n) =>
    Array.from({ length: height }, (__, row) => {
      const at = (row * count + n) * size;
      return values.subarray(at, at + size);
    }),
  );
}

import * as tf from '@tensorflow/tfjs';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { gaussian } from './gaussian';
import { newDirections } from './new-directions';
import type { Operator } from './operator';
import { partOf, type Work } from './work';

/** Leading singular triplets of one map, the largest value first. */
export interface Triplets {
  values: number[];
  /** [K, C] */
  left: Matrix;
  /** [K, D] */
  right: Matrix;
}

/** Vectors in a block in addition to the k that are wanted; they help the k-th value converge. */
const OVERSAMPLING = 8;
/** Number of blocks after which the result is taken as it is; a spectrum of 1/√i needs 5. */
const MOST_BLOCKS = 12;
/** Change of the values, relative to the largest, at which they have converged: the rounding of W·v in float32. */
const CONVERGED = 2e-7;

/**
 * Leading singular triplets of each of N maps by block Krylov iteration (Musco & Musco, arXiv 1504.05477): an orthonormal
 * basis Q of W's range grows block by block, and QᵀW, pulled back, is decomposed in float64. W is never written out; each
 * block takes k + 8 pushes and as many pulls.
 *
 * @returns N times k triplets, or fewer where the rank is lower.
 */
export async function svd(op: Operator, k: number, work: Work): Promise<Triplets[]> {
  const size = Math.min(k + OVERSAMPLING, op.outputs, op.inputs);
  const start = await gaussian(size, op.inputs * op.instances, 1);
  const maps = Array.from({ length: op.instances }, () => new Subspace(op.outputs, op.inputs));
  let vectors = partsOf(start, size, op.instances);
  for (let i = 0; i < MOST_BLOCKS; i++) {
    const part = partOf(work, i / MOST_BLOCKS, (i + 1) / MOST_BLOCKS);
    const pushed = await mapped(vectors, stack => op.pushForward(stack, part));
    const blocks = maps.map((map, n) => newDirections(pushed[n], map.basis));
    if (blocks.every(block => block.rows === 0)) break;
    vectors = await mapped(blocks, stack => op.pullBack(stack, part));
    const settled = maps.map((map, n) => map.grow(blocks[n], vectors[n], k));
    if (settled.every(Boolean)) break;
  }
  work.onProgress?.(1);
  return maps.map(map => map.triplets);
}

/** An orthonormal basis Q, the rows QᵀW, and the triplets that follow. */
class Subspace {
  basis: Matrix;
  triplets: Triplets;
  private pulled: Matrix;

  constructor(outputs: number, inputs: number) {
    this.basis = new Matrix(0, outputs);
    this.pulled = new Matrix(0, inputs);
    this.triplets = { values: [], left: this.basis, right: this.pulled };
  }

  /** @returns whether the k values have stopped changing. */
  grow(block: Matrix, pulled: Matrix, k: number): boolean {
    if (block.rows === 0) return true;
    this.basis = below(this.basis, block);
    this.pulled = below(this.pulled, pulled);
    const before = this.triplets.values;
    const decomposition = new SingularValueDecomposition(this.pulled, { autoTranspose: true });
    const count = Math.min(k, this.basis.rows);
    const first = (m: Matrix) => m.subMatrix(0, m.rows - 1, 0, count - 1).transpose();
    this.triplets = {
      values: decomposition.diagonal.slice(0, count),
      left: first(decomposition.leftSingularVectors).mmul(this.basis),
      right: first(decomposition.rightSingularVectors),
    };
    const { values } = this.triplets;
    return (
      values.length === before.length &&
      values.every((v, i) => Math.abs(v - before[i]) <= CONVERGED * values[0])
    );
  }
}

const below = (a: Matrix, b: Matrix): Matrix => rowsOf([...a.to2DArray(), ...b.to2DArray()], a.columns);

/** Sends N matrices of rows through W as one stack; missing rows are zeros. */
async function mapped(
  parts: readonly Matrix[],
  map: (stack: tf.Tensor) => Promise<tf.Tensor>,
): Promise<Matrix[]> {
  const height = Math.max(...parts.map(part => part.rows));
  const width = parts[0].columns;
  const values = new Float32Array(height * parts.length * width);
  parts.forEach((part, n) => {
    for (let row = 0; row < part.rows; row++) values.set(part.getRow(row), (row * parts.length + n) * width);
  });
  const stack = tf.tensor2d(values, [height, parts.length * width]);
  try {
    const result = await map(stack);
    const numbers = (await result.data()) as Float32Array;
    result.dispose();
    return partsOf(numbers, height, parts.length).map((rows, n) => firstRows(rows, parts[n].rows));
  } finally {
    stack.dispose();
  }
}

/** [L, N·S] row major as N matrices [L, S]. */
function partsOf(values: Float32Array, height: number, count: number): Matrix[] {
  const size = values.length / (height * count);
  return Array.from({ length: count }, (_, n) => {
    const at = (row: number) => (row * count + n) * size;
    return rowsOf(
      Array.from({ length: height }, (_, row) => values.subarray(at(row), at(row) + size)),
      size,
    );
  });
}

function rowsOf(rows: readonly ArrayLike<number>[], columns: number): Matrix {
  return rows.length === 0 ? new Matrix(0, columns) : new Matrix(rows.map(row => Array.from(row)));
}

const firstRows = (m: Matrix, count: number): Matrix =>
  count === m.rows ? m : rowsOf(m.to2DArray().slice(0, count), m.columns);

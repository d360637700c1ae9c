import type { Tensor } from '@tensorflow/tfjs';
import type { Work } from './work';

/**
 * N linear maps W, C × D each, side by side, defined by what they do to stacks of L vectors. Tensors that methods take stay
 * the caller's; tensors that they return belong to the caller.
 */
export interface Operator {
  /** N */
  readonly instances: number;
  /** C */
  readonly outputs: number;
  /** D */
  readonly inputs: number;
  /** Budget of its work in bytes. */
  readonly memory: number;
  readonly isDisposed: boolean;
  /** Rows of all W, [R, N·D]. */
  rows(indices: readonly number[], work?: Work): Promise<Tensor>;
  /**
   * Rows that already lie in this process's memory, to be read only; null if they have to be computed.
   * @param instance the instance whose rows are wanted; default: all.
   * @returns [N, R, D], or [R, D] of one instance.
   */
  known(indices: readonly number[], instance?: number): Float32Array | null;
  /** u·W for each u of a stack: [L, N·C] → [L, N·D]. */
  pullBack(u: Tensor, work?: Work): Promise<Tensor>;
  /** W·v for each v of a stack: [L, N·D] → [L, N·C]. */
  pushForward(v: Tensor, work?: Work): Promise<Tensor>;
  /** An upper bound on the rank of every W. */
  rankBound(): Promise<number>;
}

/** [L, N·C]: row l is 1 at indices[l] of each instance, else 0. */
export function unitVectors(indices: readonly number[], size: number, instances: number): Float32Array {
  const width = size * instances;
  const values = new Float32Array(indices.length * width);
  indices.forEach((index, row) => {
    for (let n = 0; n < instances; n++) values[row * width + n * size + index] = 1;
  });
  return values;
}

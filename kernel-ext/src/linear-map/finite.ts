import type { Tensor } from '@tensorflow/tfjs';
import { NonFiniteInputError, NonFiniteOutputError } from '../errors';

/** @throws NonFiniteInputError for the first NaN or infinite number. */
export function assertFiniteInput(values: Float32Array, shape: readonly number[]): void {
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteInputError(indexOf(at, shape), values[at]);
}

/** @throws NonFiniteInputError for the first NaN or infinite number of the activation at which a map starts. */
export async function assertFiniteActivation(activation: Tensor, from: string): Promise<void> {
  const values = await activation.data<'float32'>();
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteInputError(indexOf(at, activation.shape), values[at], from);
}

/** @throws NonFiniteOutputError for the first NaN or infinite number. */
export async function assertFiniteOutput(output: Tensor): Promise<void> {
  const values = await output.data<'float32'>();
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteOutputError(at, values[at]);
}

/** A row-major index as one index per axis. */
function indexOf(at: number, shape: readonly number[]): number[] {
  return shape.reduceRight<{ left: number; index: number[] }>(
    ({ left, index }, d) => ({ left: Math.floor(left / d), index: [left % d, ...index] }),
    { left: at, index: [] },
  ).index;
}

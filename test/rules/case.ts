import type * as TF from '@tensorflow/tfjs';
import type { Backend } from '../backend';

/** A function that runs one kernel between x and F(x). The law tests run on every case. */
export interface Case {
  /** Kernel that the function must run, so that its rule is what is tested. */
  kernel: string;
  name: string;
  shape: number[];
  /** Whether a policy is needed; the laws then run under each policy. */
  smooth?: boolean;
  /** The backends that run the kernel in this form, and correctly. Default: all. */
  onlyOn?: readonly Backend[];
  /** Why tf.grad cannot be the reference here. */
  noGradient?: string;
  /** Makes the function; constants drawn here are fixed. */
  build(tf: typeof TF): (x: TF.Tensor) => TF.Tensor;
}

export type Image = TF.Tensor4D;

/** Two images of three channels. */
export const image = [2, 6, 7, 3];

/** Two volumes of two channels. */
export const volume = [2, 4, 5, 6, 2];

/** Fixed numbers of about unit size, so that no case depends on a global seed. */
export function numbers(tf: typeof TF, shape: number[], seed = 1): TF.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin((i + 1) * 12.9898 * seed) * 1.3);
  return tf.tensor(values, shape);
}

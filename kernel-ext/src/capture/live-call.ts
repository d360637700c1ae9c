import type { Tensor } from '@tensorflow/tfjs';

/** A kernel call as it happened, with the live tensors. */
export interface LiveCall {
  kernel: string;
  layer: string | null;
  inputs: Record<string, Tensor | Tensor[] | undefined>;
  attrs: Record<string, unknown>;
  outputs: Tensor[];
}

import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { LayerBias } from '../linear-map/bias-terms';
import type { WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';

/** One instance and the outputs that are explained there: all of F(x), or a single sum of them. */
export interface ExplainedInstance {
  /** Its number in the batch. */
  readonly index: number;
  /** Shape of one instance of what W acts on, and which of its axes holds the channels. */
  readonly shape: readonly number[];
  readonly channelAxis: number;
  /** Layers whose channels can be shown. */
  readonly channelLayers: readonly string[];
  /** What W acts on, [D]. */
  input(): Promise<Float32Array>;
  /** F(x), b and W·x, [C] each. */
  output(): Promise<Float32Array>;
  bias(): Promise<Float32Array>;
  product(): Promise<Float32Array>;
  /** Rows of W, [D] each. @throws ClassIndexError */
  rows(outputs: readonly number[]): Promise<Float32Array[]>;
  /** Rows of W and the parts of b that belong to them. @throws ClassIndexError */
  rowsAndBias(
    outputs: readonly number[],
    work?: Work,
  ): Promise<{ rows: Float32Array[]; biasByLayer: LayerBias[] }>;
  /** Another input in place of this one; output and predicted [C]. The caller disposes them. */
  whatIf(other: Tensor | TensorLike): Promise<WhatIf>;
}

/** One instance whose outputs can be summed with weights. */
export interface WeighedInstance extends ExplainedInstance {
  /** uᵀW and uᵀb by layer. @param u the weight of each output, [C]. */
  weighted(u: Float32Array, work?: Work): Promise<{ row: Float32Array; biasByLayer: LayerBias[] }>;
}

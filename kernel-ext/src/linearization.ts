import type { Tensor } from '@tensorflow/tfjs';
import type { PolicyUse } from './display/payload';

/** max|F(x) − (W·x + b)|, also relative to max|F(x)| and in units in the last place of max|F(x)| (float32). */
export interface Residual {
  absolute: number;
  relative: number;
  ulps: number;
}

/** The part of b that comes from one layer's parameters, one number a class. */
export interface LayerBias {
  layer: string;
  /** [C] for one instance, [N·C] row major for a batch. */
  bias: Float32Array;
}

/**
 * F(x) = W·x + b around one input x (or N inputs). D is the size of the input, C the number of outputs.
 * Tensors in fields belong to the linearization and live until `dispose()`; tensors that methods return
 * belong to the caller.
 */
export interface Linearization {
  /** x, [...inputShape] or [N, ...inputShape]. */
  readonly input: Tensor;
  /** F(x), [C] or [N, C]. */
  readonly output: Tensor;
  /** b, [C] or [N, C]. */
  readonly bias: Tensor;
  /** true: the map holds on the whole linear region around x; false: at x only. */
  readonly exact: boolean;
  readonly policies: readonly PolicyUse[];
  /** Ends of the map, for example 'input' and 'logits'. */
  readonly from: string;
  readonly to: string;
  readonly cut: 'softmax' | 'sigmoid' | null;
  /** Names of the C outputs; their indices as strings if none were given. */
  readonly labels: readonly string[];
  /** W_c in the input's shape. */
  row(c: number): Promise<Tensor>;
  /** W_c ∘ x in the input's shape; its sum plus b_c is F(x)_c. */
  contribution(c: number): Promise<Tensor>;
  /** W_i − W_j in the input's shape. */
  contrast(i: number, j: number): Promise<Tensor>;
  biasByLayer(): Promise<LayerBias[]>;
  residual(): Promise<Residual>;
  /** Frees every tensor that this linearization holds. Using it afterwards throws DisposedError. */
  dispose(): void;
  readonly isDisposed: boolean;
}

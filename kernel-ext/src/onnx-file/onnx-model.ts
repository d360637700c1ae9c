import type { Tensor, TensorLike } from '@tensorflow/tfjs';

/** The type of an input's or output's numbers; others, such as sequences and maps, under the names that ONNX gives them. */
export type OnnxType = string;

/** An input or output of an ONNX model. */
export interface OnnxValueInfo {
  readonly name: string;
  /** 'float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'bool', 'string', … */
  readonly type: OnnxType;
  /** The length of each axis; a free axis has its name, or '?' if it has none. */
  readonly shape: readonly (number | string)[];
}

/** A model from an ONNX file, which onnxruntime runs. */
export class OnnxModel {
  #isDisposed = false;

  constructor(
    /** What the model takes. Weights that an old file lists as inputs are not among them. */
    readonly inputs: readonly OnnxValueInfo[],
    /** What it gives. */
    readonly outputs: readonly OnnxValueInfo[],
  ) {}

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /**
   * What onnxruntime computes from the file.
   * @param x the only input, or inputs by name; one that the file has a default for may be left out.
   * @returns the outputs by name, which the caller disposes.
   */
  run(
    _x: Tensor | TensorLike | Readonly<Record<string, Tensor | TensorLike>>,
  ): Promise<Record<string, Tensor>> {
    throw new Error('not yet');
  }

  /** Frees the sessions of onnxruntime. */
  dispose(): void {
    this.#isDisposed = true;
  }
}

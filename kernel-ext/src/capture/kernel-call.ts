import type { Tensor } from '@tensorflow/tfjs';
import type { Opset } from '../onnx-file/graph';

/** A number array that does not depend on x. */
export type Constant =
  /** Belongs to the model or to the caller's code: the tensor is shared and read in `shape`. */
  | { tensor: Tensor; shape: number[] }
  /** Was made while the model ran: its values are copied. */
  | {
      values: Float32Array;
      shape: number[];
      /**
       * The same numbers without rounding to float32, where the constant is of an integer type or truth values: exact up to 2^53 in
       * magnitude. The ends of int64, with which ONNX marks "to the end", are ±2^63.
       */
      integers?: readonly number[];
    };

/** What a kernel call reads: an activation, by its number, or a constant. */
export type Ref = { value: number; shape: number[] } | Constant;

export const isConstant = (ref: Ref): ref is Constant => !('value' in ref);

/** One call of a TensorFlow.js kernel or of an ONNX operator between x and F(x). */
export interface KernelCall {
  /** The name of the kernel or of the operator. */
  kernel: string;
  /**
   * Of an ONNX operator alone. Its inputs are named '0', '1', … by their positions, and those that the node leaves out are missing;
   * attributes are numbers, texts, arrays of these, or a Constant for a tensor. An output that the node leaves out has the shape [].
   */
  opset?: Opset;
  /** Name of the layer that made the call; the kernel's name and number where the model has no layers. */
  layer: string;
  /** Its position among all kernel calls of the run, including those that F(x) does not depend on. */
  ordinal: number;
  inputs: Record<string, Ref | Ref[] | undefined>;
  attrs: Record<string, unknown>;
  outputs: { value: number; shape: number[] }[];
}

/** The kernel calls between x and F(x), in the order in which they ran; everything off these paths is a constant. */
export interface Capture {
  input: { value: number; shape: number[] };
  output: { value: number; shape: number[] };
  /** All outputs by name, where the model has several: those that depend on x, `output` among them, and the others. */
  outputs?: {
    moving: ReadonlyMap<string, { value: number; shape: number[] }>;
    constant: readonly string[];
  };
  calls: KernelCall[];
  /** The layers that draw random numbers, such as a dropout that is left on. */
  random: readonly string[];
  /** The activations on the paths by name, in the order in which they are made: what each layer gave last. */
  layers: Map<string, number>;
}

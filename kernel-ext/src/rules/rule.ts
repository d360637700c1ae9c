/**
 * The contract between a rule and the plan: a rule describes one kernel once its gates are fixed at x.
 * It is written in the frozen *steps* below, each linear (or a shift) in the activations, so that the plan can push
 * them forward, pull rows back through their transposes, and collect b from the shifts. A rule knows nothing about batches,
 * transposes, memory or backends.
 */
import type { KernelCall } from '../capture/kernel-call';
import type { Policy } from './policy';

/** An activation between x and F(x). */
export interface Value {
  readonly kind: 'value';
  readonly id: number;
  readonly shape: readonly number[];
  /** Node of the plan that holds its value at x. */
  readonly node: number;
  /**
   * How much it is like a gate, so that a product of two activations knows which factor to freeze: 2 for what lies
   * between 0 and 1 or normalizes (sigmoid, softmax, 1/√), 1 for other bounded functions (tanh, erf). Default: 0.
   */
  readonly gating?: number;
}

/** Something that does not move with x once the gates are fixed: a constant of the network, or a gate. */
export interface Fixed {
  readonly kind: 'fixed';
  readonly shape: readonly number[];
  readonly node: number;
}

/** TensorFlow's 'same', none, or how many zeros there are [before, after] the rows and the columns of an image. */
export type ConvolutionPadding =
  'same' | 'valid' | readonly [rows: readonly [number, number], columns: readonly [number, number]];

export interface ConvolutionGeometry {
  strides: readonly [number, number];
  pad: ConvolutionPadding;
  /** Output channels of one group read the input channels of that group alone. Default: 1. */
  groups?: number;
}

/** What rules are written in. Shapes follow NumPy's broadcasting; images are [N, H, W, C]. */
export interface StepWriter {
  // Gates: computed from the activations at x, then fixed.
  /** 1 where a > b, else 0. */
  greater(a: Value | Fixed, b: Value | Fixed): Fixed;
  /** 1 at the first maximum along `axis`, else 0. */
  firstMaximum(a: Value | Fixed, axis: number): Fixed;
  /**
   * Declares that several gates, one after the other, have chosen the largest of `entries` along `axes`, as a single
   * `firstMaximum` does by itself. This records what each entry is compared with, even if it lost to an entry that lost in turn.
   * @param largest in the shape of the entries, of length 1 along the axes.
   */
  chosen(largest: Value, entries: Value, axes: readonly number[], gates: readonly Fixed[]): void;
  /** 1 − gate. */
  not(gate: Value | Fixed): Fixed;
  times(a: Value | Fixed, b: Value | Fixed): Fixed;
  plus(a: Value | Fixed, b: Value | Fixed): Fixed;
  divide(a: Value | Fixed, b: Value | Fixed): Fixed;
  /** a to the power of b */
  power(a: Value | Fixed, b: Value | Fixed): Fixed;
  map(name: ElementaryFunction, a: Value | Fixed): Fixed;
  /** Along the last axis. */
  softmax(a: Value | Fixed): Fixed;
  /** An activation as it is at x; a gate stays what it is. */
  at(v: Value | Fixed): Fixed;
  constant(values: Float32Array, shape: readonly number[]): Fixed;
  number(value: number): Fixed;
  reshapeFixed(a: Fixed, shape: readonly number[]): Fixed;
  permuteFixed(a: Fixed, permutation: readonly number[]): Fixed;
  broadcastFixed(a: Fixed, shape: readonly number[]): Fixed;
  /** Zeros before and after, for each axis. */
  padFixed(a: Fixed, paddings: readonly (readonly [number, number])[]): Fixed;
  /** Σ over axes, which disappear. */
  sumFixed(a: Fixed, axes: readonly number[]): Fixed;

  // Steps: linear in the activation.
  /** factor ∘ v */
  scale(v: Value, factor: Fixed): Value;
  /** v + offset: the only step that is not linear; b is made of these. */
  shift(v: Value, offset: Fixed): Value;
  /** Σ values, all of the same shape. */
  sum(values: readonly Value[]): Value;
  /** [M, K] · [K, N] */
  contract(v: Value, matrix: Fixed): Value;
  /** [G, M, K] · [G, K, N]: one matrix for each of G members. */
  contractEach(v: Value, matrices: Fixed): Value;
  /** filter [h, w, C / groups, D] */
  convolve(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value;
  /** filter [h, w, C, m]; output channel c·m + i comes from input channel c alone. */
  convolveDepthwise(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value;
  /** The transpose of `convolve`: [N, h', w', D] → an image of `shape` [N, H, W, C]. */
  convolveTranspose(v: Value, filter: Fixed, geometry: ConvolutionGeometry, shape: readonly number[]): Value;
  /** Σ over axes, which disappear. */
  reduceSum(v: Value, axes: readonly number[]): Value;
  broadcast(v: Value, shape: readonly number[]): Value;
  reshape(v: Value, shape: readonly number[]): Value;
  permute(v: Value, permutation: readonly number[]): Value;
  /** Zeros before and after, for each axis. */
  pad(v: Value, paddings: readonly (readonly [number, number])[]): Value;
  slice(v: Value, begin: readonly number[], size: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
  /** Entries along an axis by their indices; repeats allowed. */
  take(v: Value, indices: readonly number[], axis: number): Value;

  // Policies: how to write the steps of anything that is not piecewise linear.
  /** Marks the steps that `write` makes as frozen by a policy, so that the map is not exact beyond x. */
  under<T>(policy: Policy, write: () => T): T;
  /** The same activation, marked as gate-like to the given degree; see Value.gating. */
  asGate(v: Value, gating: number): Value;
}

/** The functions that gates are computed with, besides arithmetic. */
export type ElementaryFunction = 'sigmoid' | 'tanh' | 'erf' | 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'atan';

/** A kernel call as a rule sees it. */
export interface Call {
  readonly kernel: string;
  readonly layer: string;
  readonly attrs: KernelCall['attrs'];
  /** Absent for a kernel of TensorFlow.js. */
  readonly opset?: KernelCall['opset'];
  readonly outputShape: readonly number[];
  /** The shapes of all outputs, for kernels that have several. */
  readonly outputShapes: readonly (readonly number[])[];
  /** The policy of the layer, for what is not piecewise linear. */
  readonly policy: Policy;
  /** An input that depends on x. @throws UnsupportedKernelError if it is a constant. */
  value(name: string): Value;
  /** An input that does not depend on x. @throws UnsupportedKernelError if it does. */
  fixed(name: string): Fixed;
  /** The numbers of a constant input. */
  numbers(name: string): Float32Array;
  /** The same for constants of whole numbers, exact up to 2^53. */
  integers(name: string): number[];
  input(name: string): Value | Fixed;
  /** The members of an input that is a list; very large numbers replace infinities in constants. */
  inputs(): (Value | Fixed)[];
  has(name: string): boolean;
  /** Whether an input is a number array of the network, which is the same for every x. */
  isConstant(name: string): boolean;
  /** Ends the compilation with an UnsupportedKernelError that gives the reason. */
  refuse(reason: string): never;
}

/** How one kernel is frozen. */
export interface Rule {
  /** Name of the TensorFlow.js kernel, or of the ONNX operator. */
  kernel: string;
  /** The names of the inputs in order, where a call numbers them '0', '1', …, as those of ONNX operators do. */
  inputs?: readonly string[];
  /**
   * @returns the output; Fixed if it is a gate, that is, constant on the linear region; a list for a kernel with several
   *   outputs, null where one cannot be read.
   */
  freeze(call: Call, write: StepWriter): Output | readonly (Output | null)[];
}

export type Output = Value | Fixed;

export const isValue = (v: Value | Fixed): v is Value => v.kind === 'value';

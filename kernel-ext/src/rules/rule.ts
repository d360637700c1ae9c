/**
 * The contract between a rule and the plan: a rule says how one kernel looks once its gates are fixed at x.
 * It is written in the frozen *steps* below, each linear (or a shift) in the activations, so that the plan can push
 * them forward, pull rows back through their transposes, and collect b from the shifts. A rule knows nothing of batches,
 * transposes, memory or backends.
 */
import type { KernelCall } from '../capture/kernel-call';

/** An activation between x and F(x). */
export interface Value {
  readonly kind: 'value';
  readonly id: number;
  readonly shape: readonly number[];
  /** Node of the plan that holds its value at x. */
  readonly node: number;
}

/** Something that does not move with x once the gates are fixed: a constant of the network, or a gate. */
export interface Fixed {
  readonly kind: 'fixed';
  readonly shape: readonly number[];
  readonly node: number;
}

export interface ConvolutionGeometry {
  strides: readonly [number, number];
  pad: 'same' | 'valid';
}

/** What rules are written in. Shapes follow NumPy's broadcasting; images are [N, H, W, C]. */
export interface Frozen {
  // Gates: computed from the activations at x, then fixed.
  /** 1 where a > b, else 0. */
  greater(a: Value | Fixed, b: Value | Fixed): Fixed;
  /** 1 at the first maximum along `axis`, else 0. */
  firstMaximum(a: Value | Fixed, axis: number): Fixed;
  /** 1 − gate. */
  not(gate: Fixed): Fixed;
  times(a: Fixed, b: Fixed): Fixed;
  plus(a: Value | Fixed, b: Value | Fixed): Fixed;
  constant(values: Float32Array, shape: readonly number[]): Fixed;
  number(value: number): Fixed;
  reshapeFixed(a: Fixed, shape: readonly number[]): Fixed;

  // Steps: linear in the activation.
  /** factor ∘ v */
  scale(v: Value, factor: Fixed): Value;
  /** v + offset: the only step that is not linear; b is made of these. */
  shift(v: Value, offset: Fixed): Value;
  /** Σ values, all of one shape. */
  sum(values: readonly Value[]): Value;
  /** [M, K] · [K, N] */
  contract(v: Value, matrix: Fixed): Value;
  /** filter [h, w, C, D] */
  convolve(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value;
  /** filter [h, w, C, m]; output channel c·m + i comes from input channel c alone. */
  convolveDepthwise(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value;
  /** Σ over axes, which disappear. */
  reduceSum(v: Value, axes: readonly number[]): Value;
  broadcast(v: Value, shape: readonly number[]): Value;
  reshape(v: Value, shape: readonly number[]): Value;
  permute(v: Value, permutation: readonly number[]): Value;
  /** Zeros before and after, for each axis. */
  pad(v: Value, paddings: readonly (readonly [number, number])[]): Value;
  slice(v: Value, begin: readonly number[], size: readonly number[]): Value;
  concat(values: readonly Value[], axis: number): Value;
}

/** A kernel call as a rule sees it. */
export interface Call {
  readonly kernel: string;
  readonly layer: string;
  readonly attrs: KernelCall['attrs'];
  readonly outputShape: readonly number[];
  /** An input that depends on x. @throws UnsupportedKernelError if it is a constant. */
  value(name: string): Value;
  /** An input that does not depend on x. @throws UnsupportedKernelError if it does. */
  fixed(name: string): Fixed;
  /** The numbers of a constant input. */
  numbers(name: string): Float32Array;
  input(name: string): Value | Fixed;
  /** The members of an input that is a list. */
  inputs(): (Value | Fixed)[];
  has(name: string): boolean;
  /** Ends the compilation with an UnsupportedKernelError that says why. */
  refuse(reason: string): never;
}

/** How one kernel is frozen. */
export interface Rule {
  /** Name of the TensorFlow.js kernel. */
  kernel: string;
  freeze(call: Call, f: Frozen): Value;
}

export const isValue = (v: Value | Fixed): v is Value => v.kind === 'value';

import type { DataType, Tensor } from '@tensorflow/tfjs';

/** Tensors by the names of a model's inputs or outputs. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Where an input lies in the vector of all inputs. */
export interface InputPart {
  name: string;
  /** Shape of one instance. */
  shape: readonly number[];
  begin: number;
  size: number;
}

/** An input of a model. */
export interface ModelInput {
  name: string;
  /** Shape of one instance, null for axes of any length. */
  shape: (number | null)[];
  dtype: DataType;
  /** Whether it has no axis of instances: one for a whole batch, as a scalar is. */
  whole?: boolean;
}

/** What is known about any model that is seen as one function of one tensor. */
export interface SourceFacts {
  /** The inputs of a model and the shapes of one instance; undefined for a function, which takes any shape. */
  inputs?: readonly ModelInput[];
  /** Shape of one instance, null for axes of any length; undefined for a function, which takes any shape. */
  instance?: readonly (number | null)[];
  /** Whether x is run without an axis of instances. */
  whole?: boolean;
  /** Whether the model is run on one instance at a time. */
  oneByOne?: boolean;
  /** The tensors whose replacement (by training) makes a compiled plan stale. */
  weights(): Tensor[];
  /** Where each named input lies in x, if x is several inputs side by side. */
  parts?: readonly InputPart[];
  /** Plans are kept under this object; undefined if they cannot be kept, since nothing shows when they become stale. */
  key?: object;
}

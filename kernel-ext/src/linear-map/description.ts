import type { InputPart } from '../capture/source';
import type { PolicyUse } from '../rules/policy';

/** What `linearize` knows of a map besides its numbers. */
export interface Description {
  /** Shape of one instance of what W acts on. */
  instance: readonly number[];
  /** Which of its axes holds the channels. */
  channelAxis: number;
  /** N for a batch, null for one instance. */
  batch: number | null;
  from: string;
  to: string;
  /** The option `to` that gives this end. */
  end: string;
  cut: 'softmax' | 'sigmoid' | null;
  labels: readonly string[];
  /** Shape of one instance of F(x), which of its axes holds the classes, and their names. */
  outputShape: readonly number[];
  classAxis: number;
  classes: readonly string[];
  /** Names of the numbers of x, if they have any. */
  features?: readonly string[];
  /** The texts of the tokens of each instance, if x is an embedding of tokens that the caller named. */
  tokens?: readonly (readonly string[])[];
  policies: readonly PolicyUse[];
  /** Where each named input lies in x, if x is several side by side. */
  parts?: readonly InputPart[];
}

import type { ArrayPayload } from './arrays/array-payload';
import type { PolicyUse } from './policies';
import type { Residual } from './residual';

/** What is known of the axes of a signal. */
export interface SignalNames {
  /** One name per channel. Default: channel 0, channel 1, … */
  channels?: readonly string[];
  /** Steps per second. Default: time is counted in steps. */
  rate?: number;
}

/** As many numbers as there are classes: few as decimals, many as float32. */
export type NumberList = number[] | ArrayPayload;

/** How many outputs a page lists at most. */
export const MOST_OUTPUTS = 100_000;

/**
 * F(x) = W·x + b for one input x of any shape and C outputs. Lists of classes have length C, except that positive, negative and
 * biasByLayer have the length of `summed` if there is one.
 */
export interface LinearizationPayload {
  schemaVersion: string;
  /** The layers at both ends of the linear map, for example 'input' and 'logits'. */
  from: string;
  to: string;
  /** The final activation that was cut off to get the logits; null if none was. */
  cut: 'softmax' | 'sigmoid' | null;
  /** true: the linear map holds on the whole linear region around x; false: at x only. */
  exact: boolean;
  policies: PolicyUse[];
  labels: string[];
  /** The unit of the outputs; absent: they have none. */
  unit?: string;
  /** x in the input's own shape; an image with channels last, [H, W, C], also if the network takes channels first. */
  input: ArrayPayload;
  /** The network takes x as [C, H, W]; absent: in the shape of `input`. */
  channelsFirst?: true;
  /** The network takes x, a signal, as [T, C], and `input` is [C, T]; absent: in the shape of `input`. */
  channelsLast?: true;
  /** x is a signal, [T] or [C, T]: names of its channels, and steps per second; absent: it is not shown as one. */
  signal?: SignalNames;
  /** F(x) and b. */
  output: NumberList;
  bias: NumberList;
  /** W·x; absent where every class has positive and negative, whose sum it is. */
  linear?: NumberList;
  /** The classes that positive, negative and biasByLayer describe, each of which takes its row of W; absent: all. */
  summed?: number[];
  /** The sums of the positive and of the negative entries of W∘x. */
  positive: number[];
  negative: number[];
  /** Parts of b by the layer whose parameters they come from, in the order of the network; they sum to b. */
  biasByLayer: { layer: string; bias: number[] }[];
  residual: Residual;
  /** The class that is shown first. */
  selected: number;
  /** The stored rows of W, each in the shape of `input`. The others come over the comm. */
  rows: { index: number; weights: ArrayPayload }[];
  /** Names of the D inputs in the order of `input`, for vectors and tables. */
  features?: string[];
  /** The features are tokens of a text in their order, and x holds the factor of each token's embedding, 1. */
  tokens?: true;
  /** Layers whose channels a live kernel can show. */
  layers?: string[];
  /** Which input of a batch this is; absent if there was only one. The residual is that of the whole batch. */
  instance?: { index: number; count: number };
  /** Name under which a live kernel answers for this linearization. */
  handle: string;
}

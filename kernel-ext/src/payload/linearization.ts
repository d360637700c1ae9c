/**
 * What travels from the kernel to the views: plain JSON, no tensors, no library behind it.
 * kernel-ext writes it, lab-extension reads it; both take the types from here (`piecewise/payload`).
 */

import type { Reach } from '../regions/reach';
import type { Unit } from '../regions/unit';
import type { PolicyUse } from '../rules/policy';
import type { MapReply, MapRequest } from './embedding';
import type { WayReply, WayRequest } from './path';

export type * from './embedding';
export type * from './path';
export { CLASS_COLORS } from './class-colors';
export { csvText } from './files/csv-text';
export { decompositionCsv } from './files/decomposition-csv';
export { entryName } from './files/entry-name';
export { mapCsv } from './files/embedding-csv';
export { npyBytes } from './files/npy-bytes';
export { decimalsFor, plain, scientific, signed } from './numbers';
export type { PolicyUse, Reach, Unit };

/** MIME type of a decomposition F(x) = W·x + b. The major version stands in the name. */
export const LINEARIZATION_MIME = 'application/vnd.piecewise.linearization.v1+json';

/** MIME type of a map: points that a network placed, and why they are where they are. */
export const EMBEDDING_MIME = 'application/vnd.piecewise.embedding.v1+json';

/** MIME type of a path: the outputs of a network on the straight way between two inputs. */
export const WAY_MIME = 'application/vnd.piecewise.path.v1+json';

/** Version written by this build. A reader accepts any minor of its own major. */
export const SCHEMA_VERSION = '1.1';

/** Comm target on which the kernel answers for rows that are not in the bundle. The front end opens it. */
export const COMM_TARGET = 'piecewise.v1';

/** An array: little endian bytes in base64, row major. Values are data / scale⁻¹ when `scale` is given. */
export interface ArrayPayload {
  dtype: 'float32' | 'int16' | 'uint8';
  shape: number[];
  data: string;
  /** Present when quantised for the eye only: value = stored integer × scale. */
  scale?: number;
}

/** F(x) = W·x + b for one input x of any shape and C outputs. Every array over classes has length C. */
export interface LinearizationPayload {
  schemaVersion: string;
  /** Layer names at both ends of the map, for example 'input' and 'logits'. */
  from: string;
  to: string;
  /** The final activation that was cut off to get the logits; null if none was. */
  cut: 'softmax' | 'sigmoid' | null;
  /** true: the map holds on the whole linear region around x; false: at x only. */
  exact: boolean;
  policies: PolicyUse[];
  labels: string[];
  /** x in the input's own shape. */
  input: ArrayPayload;
  /** F(x), b, and the sums of the positive and of the negative entries of W∘x. */
  output: number[];
  bias: number[];
  positive: number[];
  negative: number[];
  /** Parts of b by the layer whose parameters they come from, in the order of the network; they sum to b. */
  biasByLayer: { layer: string; bias: number[] }[];
  /** max|F(x) − (W·x + b)|: absolute, relative to max|F(x)|, and in units in the last place of max|F(x)|. */
  residual: { absolute: number; relative: number; ulps: number };
  /** The class that is shown first. */
  selected: number;
  /** Stored rows of W, each in the input's shape. The others come over the comm. */
  rows: { index: number; weights: ArrayPayload }[];
  /** Names of the D inputs, for vectors and tables. */
  features?: string[];
  /** Layers at which a map to the same end may start; their channels come over the comm. Absent before schema 1.1. */
  layers?: string[];
  /** Which input of a batch this is; absent if there was one input only. The residual is that of the whole batch. */
  instance?: { index: number; count: number };
  /** Name under which a live kernel answers for this linearization. */
  handle: string;
}

/** Front end → kernel, one message each on the comm `piecewise.v1`. */
export type CommRequest =
  | MapRequest
  | WayRequest
  | { id: number; op: 'hello'; handle: string }
  | { id: number; op: 'rows'; handle: string; indices: number[] }
  /** With one binary buffer: another input x', float32, little endian, in the input's shape. */
  | { id: number; op: 'whatIf'; handle: string }
  /** How far the map holds in all directions. */
  | { id: number; op: 'radius'; handle: string }
  /** How far it holds towards another input. With one binary buffer as for `whatIf`. */
  | { id: number; op: 'reach'; handle: string }
  /** An edit of x at which outputs `index` and `rival` tie. */
  | { id: number; op: 'tie'; handle: string; index: number; rival: number }
  /** What the channels of a layer's activation add to class `index`, or to its difference to class `rival`. */
  | { id: number; op: 'channels'; handle: string; layer: string; index: number; rival?: number; most: number }
  | { id: number; op: 'cancel'; cancels: number };

/**
 * The channels of an activation a, for which F(x) = W·a + b: buffers of float32 hold the sum of W∘a of every channel, then
 * for each of `shown` (largest sums first) its W∘a, as many numbers as a channel has positions.
 */
export interface ChannelsReply {
  /** Of a: positions by channels, for example [14, 14, 16]. */
  shape: number[];
  /** Sum of all channels, and b: together what is explained. */
  linear: number;
  bias: number;
  shown: number[];
}

/** The distance from x to the nearest border of its region that it is not on, l2. */
export interface RadiusReply {
  /** If `exact`, that distance; else it is this at most. null: nothing in the network can switch, or no bound is known. */
  distance: number | null;
  /** No border is nearer; `distance` if `exact`. */
  lower: number | null;
  exact: boolean;
  /** The unit that switches at `distance`. */
  unit: Unit | null;
  /** How many units have x on their border: if any, the region ends at x in some direction. */
  touching: number;
}

/** What `contrastEdit` gives; buffers of float32 hold x', and before it places of the walk, in the input's shape. */
export interface TieReply {
  /** F(x)_index − F(x)_rival */
  gap: number;
  /** ‖x' − x‖, l2 */
  distance: number;
  smallest: 'everywhere' | 'in the region' | null;
  /** How many borders the walk crosses, and how many units switch there. */
  borders: number;
  units: number;
}

/** Kernel → front end. `rows` carries one binary buffer an index: float32, little endian, in the input's shape. */
export type CommReply =
  | MapReply
  | WayReply
  | { id: number; ok: true; op: 'hello'; schemaVersion: string }
  | { id: number; ok: true; op: 'rows'; indices: number[]; shape: number[] }
  /** F(x') and W·x' + b, C numbers each; `switched` of `units` units are in another state than at x. */
  | {
      id: number;
      ok: true;
      op: 'whatIf';
      output: number[];
      predicted: number[];
      switched: number;
      units: number;
    }
  | ({ id: number; ok: true; op: 'channels' } & ChannelsReply)
  | ({ id: number; ok: true; op: 'radius' } & RadiusReply)
  | ({ id: number; ok: true; op: 'reach' } & Reach)
  | ({ id: number; ok: true; op: 'tie' } & TieReply)
  | { id: number; ok: false; code: 'gone' | 'bad-request' | 'failed'; message: string };

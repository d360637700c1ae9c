import type { Measures } from '../tsne';
import type { ArrayPayload, PolicyUse } from './linearization';

/** Numbers rounded for the eye: value = stored integer × array.scale + offset of its column. */
export interface QuantizedPayload {
  array: ArrayPayload;
  /** One a column; one number for a list. */
  offset: number[];
}

/** Small images of some points in one picture, row by row. */
export interface ThumbnailsPayload {
  /** Which of the shown points, [K] whole numbers. */
  of: ArrayPayload;
  /** Of one image, in pixels, and how many stand in a row. */
  height: number;
  width: number;
  columns: number;
  /** true: ink on white, which a dark page may invert; false: colors. */
  inked: boolean;
  /** base64 */
  png: string;
}

/** W and b of the first two axes at one point: its place is W·x + b. */
export interface ExplainedPayload {
  /** The point's index in the data. */
  index: number;
  /** x in its own shape; W, [axes, ...shape]. */
  input: ArrayPayload;
  weights: ArrayPayload;
  /** F(x) and b, one number an axis. */
  output: number[];
  bias: number[];
  /** true: the map holds on the whole linear region around x; false: at x only. */
  exact: boolean;
  policies: PolicyUse[];
  residual: { absolute: number; relative: number; ulps: number };
}

/** How good the map is, measured on `sample` points; null where labels are missing. */
export type MapMeasures = Omit<Measures, 'shepard' | 'kl'>;

/** Points on a map. Lists over points have one entry for each shown point. */
export interface EmbeddingPayload {
  schemaVersion: string;
  title: string;
  /** Names of the first two axes, across and up; one if the map has one only. */
  axes: string[];
  /** The points' places, [n, axes], int16: rounded to 1/65,534 of the map. */
  places: QuantizedPayload;
  /** N, the points of the data. */
  total: number;
  /** Which of them are shown, [n] whole numbers, ascending; absent if all are. */
  indices?: ArrayPayload;
  /** Shape of one point of the data. */
  inputShape: number[];
  /** `of`, [n]: an index into names; names.length where a point has no class. */
  classes?: { names: string[]; of: ArrayPayload };
  /** Names of the points. */
  names?: string[];
  /** Other numbers of the points, by which they can be colored, [n] each. */
  columns: { name: string; values: QuantizedPayload }[];
  measures?: MapMeasures;
  /** Loss and trustworthiness of the training. */
  history: { epoch: number; loss: number; trustworthiness: number }[];
  /** Present while and after a map was watched in training. */
  training?: TrainingFacts;
  thumbnails?: ThumbnailsPayload;
  /** Points whose reasons are in the notebook; those of others come over the comm. */
  explained: ExplainedPayload[];
  /** Name under which a live kernel answers for this map. */
  handle: string;
}

export interface TrainingFacts {
  /** Present while the points move by themselves, before the network learns; epochs are iterations then. */
  stage?: 'non-parametric';
  epoch: number;
  epochs: number;
  state: TrainingState;
}

export type TrainingState = 'running' | 'paused' | 'stopped' | 'done';

/** What a view of a map asks the kernel; points are indices of the data. */
export type MapRequest =
  /** W, b and x of one point. */
  | { id: number; op: 'explain'; handle: string; point: number }
  /** The k nearest points, in the data and on the map. */
  | { id: number; op: 'neighbors'; handle: string; point: number; k: number }
  /** Small images, in the order of the points. */
  | { id: number; op: 'thumbnails'; handle: string; points: number[] }
  /** Mean contributions of two groups (of one point each, or more). */
  | { id: number; op: 'compare'; handle: string; groups: [number[], number[]] }
  /** The way between two groups, split exactly over the input; of large groups by some of their points. */
  | { id: number; op: 'apart'; handle: string; groups: [number[], number[]] }
  /** Where another input would stand. With one binary buffer: x', float32, little endian, in the shape of a point. */
  | { id: number; op: 'place'; handle: string }
  /** What is selected now, for `selection(embedding)`. */
  | { id: number; op: 'select'; handle: string; points: number[] }
  /** Of a training that is watched. */
  | { id: number; op: 'steer'; handle: string; wish: 'pause' | 'resume' | 'stop' };

/** One of the two groups of a comparison: its center is the sum of its mean contributions plus its mean b. */
export interface GroupReply {
  points: number;
  center: number[];
  bias: number[];
}

/** What each number of the input adds to the way from one group to the other: a buffer of float32, [axes, D]. */
export interface ApartReply {
  /** From the first to the second, and the sums of the parts, by axis. */
  actual: number[];
  sums: number[];
  /** Points of either group that stand for it, and the linear regions on the ways between them. */
  points: [number, number];
  regions: number;
}

export type MapReply =
  /** Two buffers of float32, little endian: x, and W [axes, D]. */
  | ({ id: number; ok: true; op: 'explain' } & Omit<ExplainedPayload, 'input' | 'weights'>)
  | { id: number; ok: true; op: 'neighbors'; data: number[]; map: number[] }
  /** One buffer, a PNG of the images side by side. */
  | { id: number; ok: true; op: 'thumbnails'; height: number; width: number; inked: boolean }
  /**
   * Buffers of float32 [axes, D]: mean W∘x of either group, and for two single points W∘(x₂ − x₁) by W at the first and
   * at the second; `ways` are their sums, [axes].
   */
  | {
      id: number;
      ok: true;
      op: 'compare';
      groups: [GroupReply, GroupReply];
      ways: [number[], number[]] | null;
    }
  | ({ id: number; ok: true; op: 'apart' } & ApartReply)
  | { id: number; ok: true; op: 'place'; place: number[] }
  | { id: number; ok: true; op: 'select' }
  | { id: number; ok: true; op: 'steer'; state: TrainingState };

import type { ArrayPayload } from './arrays/array-payload';
import type { QuantizedPayload } from './arrays/quantized';
import type { ExplainedPayload } from './explanation';
import type { ThumbnailsPayload } from './pictures/thumbnails';

/** An embedding with more axes shows its first two. */
export const SHOWN_AXES = 2;

/** How good an embedding is, measured on `sample` points. Measures that need labels are null without them. */
export interface EmbeddingMeasures {
  /** How many neighbors the measures consider. */
  k: number;
  /** How many points were measured. */
  sample: number;
  /** T(k) and C(k) (Venna & Kaski 2001): 1 is the best. */
  trustworthiness: number;
  continuity: number;
  /** Share of points that their nearest, or their five nearest, neighbors in the embedding assign to a wrong class. */
  knnError1: number | null;
  knnError5: number | null;
  /** Mean share of the k nearest neighbors in the embedding that are of a point's class. */
  neighborhoodHit: number | null;
}

/** Points and their coordinates. Lists over points have one entry for each shown point. */
export interface EmbeddingPayload {
  schemaVersion: string;
  title: string;
  /** Names of the shown axes, across and up; one if there is only one. */
  axes: string[];
  /** [n, axes], int16: rounded to 1/65,534 of the widest axis. */
  coordinates: QuantizedPayload;
  /** N, the points of the data. */
  total: number;
  /** Which of them are shown, [n] whole numbers, ascending; absent if all of them are. */
  indices?: ArrayPayload;
  /** Shape of one point of the data. */
  inputShape: number[];
  /** Names of the D numbers of a point, for tables. */
  features?: string[];
  /** `of`, [n]: an index into names; names.length where a point has no class. */
  classes?: { names: string[]; of: ArrayPayload };
  /** Names of the points. */
  names?: string[];
  /** Other numbers of the points, by which they can be colored, [n] each. */
  columns: { name: string; values: QuantizedPayload }[];
  measures?: EmbeddingMeasures;
  /** Loss and trustworthiness in the course of training. */
  history: { epoch: number; loss: number; trustworthiness: number }[];
  /** Present if the training was watched, during it and after it. */
  training?: TrainingFacts;
  thumbnails?: ThumbnailsPayload;
  /** Points whose explanations are in the notebook; those of other points come over the comm. */
  explained: ExplainedPayload[];
  /** Name under which a live kernel answers for this embedding. */
  handle: string;
}

/** How far a training run has progressed. */
export interface TrainingFacts {
  /** Present while the points move by themselves, before the network learns. Epochs are then iterations. */
  stage?: 'non-parametric';
  epoch: number;
  epochs: number;
  state: TrainingState;
}

export const TRAINING_STATES = ['running', 'paused', 'stopped', 'done'] as const;

export type TrainingState = (typeof TRAINING_STATES)[number];

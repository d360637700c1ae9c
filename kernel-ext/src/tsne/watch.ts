import type { TrainingProgress } from './settings';

/** What is known about a training before it begins. */
export interface WatchedFacts {
  objective: 'tsne' | 'umap';
  /** N */
  points: number;
  /** Shape of one point of the data. */
  inputShape: readonly number[];
  dimensions: number;
  labels: readonly (string | null)[] | null;
  /** Names of the numbers of a point; null if they have none. */
  features: readonly string[] | null;
}

/** A view of a training, which may pause it or end it early. */
export interface TrainingWatch {
  /** true: the training takes no further step until this is false again. */
  readonly isPaused: boolean;
  /** true: the training ends after this step, with what it has learned. */
  readonly isStopped: boolean;
  show(progress: TrainingProgress): void;
  /** Called when the training is over, whether it succeeded or not. */
  end(): void;
}

/** Opens a view of a training that is about to begin. */
export type WatchMaker = (facts: WatchedFacts) => TrainingWatch;

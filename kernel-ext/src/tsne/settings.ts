import type { LayersModel } from '@tensorflow/tfjs';
import type { NeighborSearch } from './neighbors';
import type { PointLabel } from './points';
import { TsneOptionError } from './errors';
import type { SparseGraph } from './sparse-graph';

/** The progress of a training. */
export interface TrainingProgress {
  /** 'non-parametric': t-SNE computes coordinates without a network; 'network': the network learns, at first those coordinates. */
  stage: 'non-parametric' | 'network';
  /** Epochs done, and in all; iterations in the stage 'non-parametric'. */
  epoch: number;
  epochs: number;
  /**
   * Mean loss of the epoch: KL(P ‖ Q) up to a constant for t-SNE, cross entropy per edge for UMAP; √(1 + d²) while the
   * network learns the non-parametric embedding, where d is the distance to it.
   */
  loss: number;
  /** T(12) of the points below. */
  trustworthiness: number;
  /** The indices of up to 1,000 points, always the same, and their coordinates [n·d], row major. */
  indices: Int32Array;
  coordinates: Float32Array;
}

export interface TsneOptions {
  /** Any tf.LayersModel from a point to coordinates; it is trained in place. Default: hidden layers of 500, 500, 2000 ReLUs. */
  model?: LayersModel;
  /** Number of coordinates. Default: 2, or the outputs of `model`. */
  dimensions?: number;
  /** 'tsne' (default): Kullback-Leibler divergence with Student's t; 'umap': cross entropy on UMAP's fuzzy graph. */
  objective?: 'tsne' | 'umap';
  /** t-SNE: effective number of neighbors; several values are averaged. Default: 30, or less for small N. */
  perplexity?: number | readonly number[];
  /** t-SNE: degrees of freedom of Student's t. Default: dimensions − 1, at least 1 (van der Maaten 2009). */
  alpha?: number;
  /** UMAP: number of neighbors of a point. Default: 15. */
  neighbors?: number;
  /** UMAP: 1/(1 + a·d^2b). Default: a = 1.577 and b = 0.895, which umap-learn fits to min_dist = 0.1. */
  curve?: { a: number; b: number };
  /** How to search for neighbors. Default: 'exact' for up to 100,000 points, else 'approximate'. */
  search?: NeighborSearch;
  /**
   * t-SNE: P, if you already have it: `affinity` of an embedding of the same points with the same perplexity. Default: it is
   * computed, which takes longer the more points there are.
   */
  affinity?: SparseGraph;
  /**
   * Passes over the data, with one edge per point each. Default: enough for 3,000 steps, at least 20; at most 60 from a
   * non-parametric embedding.
   */
  epochs?: number;
  /** Edges per step; each has two points. Default: 512, or N / 4 if that is less. */
  batch?: number;
  /** Learning rate of Adam at the start; it falls to 0 as a cosine. Default: 0.001. */
  learningRate?: number;
  /** Factor on the attraction in the first quarter of the epochs. Default: 4 for t-SNE, 1 for UMAP. */
  exaggeration?: number;
  /**
   * What the network learns first: the embedding that t-SNE computes without a network ('non-parametric', in the first 80 %
   * of the epochs), the principal components ('pca') or nothing ('random'). Default: 'non-parametric' for t-SNE in 2
   * dimensions without `supervision`, because a non-parametric embedding ignores classes; else 'pca'.
   */
  start?: 'non-parametric' | 'pca' | 'random';
  /** The class of each point, null where it has none. Default: the classes of `data`, if it has any. */
  labels?: ArrayLike<PointLabel>;
  /** Names of the D numbers of a point, for explanations. Default: the columns of `data`, if it is a table. */
  features?: readonly string[];
  /**
   * Share of the attraction, 0 … 1, that goes to points of the same class instead of neighbors; points without a label keep
   * theirs. It matters where neighbors in the data do not tell the classes apart (at 0.8, the share of neighbors of the same
   * class rose from 0.53 to 0.65); where they do, as with digits, little changes. Default: 0.
   */
  supervision?: number;
  /** The same seed gives the same embedding on the same machine. Default: 1. */
  seed?: number;
  /**
   * A folder for checkpoints, for one training at a time. The same call resumes from the last one there: after Stop from the
   * last finished epoch, after a crash from up to a twentieth of the epochs before. Default: none.
   */
  checkpoint?: string;
  signal?: AbortSignal;
  /** Shows up to 1,000 points as they move, with loss and trustworthiness, and buttons to pause and stop. Default: false. */
  watch?: boolean;
  /** Called about 50 times in each stage, after an epoch or an iteration. */
  onProgress?: (progress: TrainingProgress) => void;
}

/** Everything that training depends on, apart from its data and its network. */
export interface Settings {
  objective: 'tsne' | 'umap';
  perplexity: number[];
  alpha: number;
  neighbors: number;
  curve: { a: number; b: number };
  epochs: number;
  batch: number;
  learningRate: number;
  exaggeration: number;
  start: 'non-parametric' | 'pca' | 'random';
  supervision: number;
  seed: number;
}

const STEPS = 3000;
const FEWEST_EPOCHS = 20;
/** After these, T(12) is within 0.002 of that of the non-parametric embedding (1,000 digits). */
const MOST_EPOCHS_FROM_NON_PARAMETRIC = 60;
const UMAP_CURVE = { a: 1.577, b: 0.895 };

/**
 * The options with their defaults for N points in d dimensions.
 * @throws TsneOptionError
 */
export function settingsFor(options: TsneOptions, points: number, dimensions: number): Settings {
  const objective = options.objective ?? 'tsne';
  const canStartNonParametric = objective === 'tsne' && dimensions === 2;
  const batch = options.batch ?? Math.max(2, Math.min(512, Math.floor(points / 4)));
  const start = options.start ?? (canStartNonParametric && !options.supervision ? 'non-parametric' : 'pca');
  const settings: Settings = {
    objective,
    perplexity: [options.perplexity ?? Math.min(30, Math.max(1.5, (points - 1) / 3))].flat(),
    alpha: options.alpha ?? Math.max(1, dimensions - 1),
    neighbors: options.neighbors ?? Math.min(15, points - 1),
    curve: options.curve ?? UMAP_CURVE,
    epochs: options.epochs ?? epochsFor(points, batch, start),
    batch,
    learningRate: options.learningRate ?? 0.001,
    exaggeration: options.exaggeration ?? (objective === 'tsne' ? 4 : 1),
    start,
    supervision: options.supervision ?? 0,
    seed: options.seed ?? 1,
  };
  check(settings, canStartNonParametric);
  return settings;
}

function epochsFor(points: number, batch: number, start: Settings['start']): number {
  const epochs = Math.max(FEWEST_EPOCHS, Math.ceil((STEPS * batch) / points));
  return start === 'non-parametric' ? Math.min(MOST_EPOCHS_FROM_NON_PARAMETRIC, epochs) : epochs;
}

function check(settings: Settings, canStartNonParametric: boolean): void {
  const { objective, start, alpha, epochs, batch, learningRate, exaggeration, supervision, curve } = settings;
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  const rules: [keyof Settings, unknown, boolean, string][] = [
    ['objective', objective, ['tsne', 'umap'].includes(objective), "'tsne' or 'umap'"],
    [
      'start',
      start,
      ['non-parametric', 'pca', 'random'].includes(start),
      "'non-parametric', 'pca' or 'random'",
    ],
    [
      'start',
      start,
      start !== 'non-parametric' || canStartNonParametric,
      "'pca' or 'random', except for t-SNE in 2 dimensions",
    ],
    ['alpha', alpha, alpha > 0 && Number.isFinite(alpha), 'a number above 0'],
    ['curve', JSON.stringify(curve), curve.a > 0 && curve.b > 0, '{a, b}, both above 0'],
    ['epochs', epochs, whole(epochs, 1), 'a whole number of at least 1'],
    ['batch', batch, whole(batch, 2), 'a whole number of at least 2'],
    ['learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number above 0'],
    ['exaggeration', exaggeration, exaggeration > 0 && exaggeration < Infinity, 'a number above 0'],
    ['supervision', supervision, supervision >= 0 && supervision <= 1, 'a number from 0 to 1'],
    ['seed', settings.seed, Number.isInteger(settings.seed), 'a whole number'],
  ];
  for (const [option, received, fits, wanted] of rules)
    if (!fits) throw new TsneOptionError(option, received, wanted);
}

import type { LayersModel } from '@tensorflow/tfjs';
import type { NeighborSearch } from './neighbors';
import type { PointLabel } from './points';
import { TsneOptionError } from './errors';
import type { SparseGraph } from './sparse-graph';

/** How training stands. */
export interface TrainingProgress {
  /** 'non-parametric': the points move by themselves to the map that the network learns afterwards; 'network': the network learns. */
  stage: 'non-parametric' | 'network';
  /** Epochs done, and in all; in the stage 'non-parametric' iterations. */
  epoch: number;
  epochs: number;
  /**
   * Mean loss of the epoch: KL(P ‖ Q) up to a constant for t-SNE, cross entropy of an edge for UMAP; √(1 + d²) while the
   * network learns the non-parametric embedding, with d how far it is from there.
   */
  loss: number;
  /** T(12) of the points below. */
  trustworthiness: number;
  /** Up to 1,000 points, always the same: their indices, and their coordinates [n·d], row major. */
  indices: Int32Array;
  coordinates: Float32Array;
}

export interface TsneOptions {
  /** Any tf.LayersModel from a point to its place; it is trained in place. Default: 500-500-2000 ReLUs. */
  model?: LayersModel;
  /** Dimensions of the map. Default: 2, or those of `model`. */
  dimensions?: number;
  /** 'tsne' (default): Kullback-Leibler divergence with Student's t; 'umap': cross entropy on UMAP's fuzzy graph. */
  objective?: 'tsne' | 'umap';
  /** t-SNE: effective number of neighbors; several are averaged. Default: 30, or less where N is small. */
  perplexity?: number | readonly number[];
  /** t-SNE: degrees of freedom of Student's t. Default: dimensions − 1, at least 1 (van der Maaten 2009). */
  alpha?: number;
  /** UMAP: neighbors of a point. Default: 15. */
  neighbors?: number;
  /** UMAP: 1/(1 + a·d^2b). Default: a = 1.577, b = 0.895, which umap-learn fits to min_dist = 0.1. */
  curve?: { a: number; b: number };
  /** How neighbors are looked for. Default: 'exact' up to 100,000 points, 'approximate' beyond. */
  search?: NeighborSearch;
  /**
   * t-SNE: P, if it is at hand: `affinity` of a map of the same points with the same perplexity. Default: it is made here, which
   * takes longer the more points there are.
   */
  affinity?: SparseGraph;
  /**
   * Passes over the data, one edge a point each. Default: as many as make 3,000 steps, at least 20; from the non-parametric embedding at most
   * 60.
   */
  epochs?: number;
  /** Edges of a step; each brings two points. Default: 512, or N / 4 if that is less. */
  batch?: number;
  /** Of Adam at the start; it falls to 0 as a cosine. Default: 0.001. */
  learningRate?: number;
  /** Factor on the attraction in the first quarter of the epochs. Default: 4 for t-SNE, 1 for UMAP. */
  exaggeration?: number;
  /**
   * What the network learns first: the map that t-SNE makes of the points without a network ('non-parametric', in the first 80 % of the
   * epochs), the principal components ('pca') or nothing ('random'). Default: 'non-parametric' for t-SNE on a plane from 1,000 points
   * on, else 'pca'; 'pca' with `supervision`, since the non-parametric embedding knows no classes.
   */
  start?: 'non-parametric' | 'pca' | 'random';
  /** A class a point, null where it has none. Default: those of `data`, if it has labels. */
  labels?: ArrayLike<PointLabel>;
  /**
   * Share of the attraction, 0 … 1, that goes to points of the same class instead of neighbors; points without a label keep theirs. It
   * shows where neighbors in the data do not tell the classes (share of map neighbors of the same class 0.53 → 0.65 at 0.8); where
   * they do, as with digits, little changes. Default: 0.
   */
  supervision?: number;
  /** The same seed gives the same map on the same machine. Default: 1. */
  seed?: number;
  /** A folder for checkpoints. The same call goes on from the last one there. Default: none. */
  checkpoint?: string;
  signal?: AbortSignal;
  /** Shows up to 1,000 points as they move, loss and trustworthiness, with pause and stop. Default: false. */
  watch?: boolean;
  /** Called about 50 times after an epoch, and before that about 50 times after an iteration of the non-parametric embedding. */
  onProgress?: (progress: TrainingProgress) => void;
}

/** Everything that a training depends on besides its data and its network. */
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
/** With these the network is within 0.002 of the non-parametric embedding's T(12), 1,000 digits. */
const MOST_EPOCHS_FROM_NON_PARAMETRIC = 60;
/** Smaller sets are trained in seconds as it is. */
const FEWEST_FOR_NON_PARAMETRIC = 1000;
const UMAP_CURVE = { a: 1.577, b: 0.895 };

/**
 * The options with their defaults for N points on a map of d dimensions.
 * @throws TsneOptionError
 */
export function settingsFor(options: TsneOptions, points: number, dimensions: number): Settings {
  const objective = options.objective ?? 'tsne';
  const canStartNonParametric = objective === 'tsne' && dimensions === 2;
  const batch = options.batch ?? Math.max(2, Math.min(512, Math.floor(points / 4)));
  const start =
    options.start ??
    (canStartNonParametric && points >= FEWEST_FOR_NON_PARAMETRIC && !options.supervision
      ? 'non-parametric'
      : 'pca');
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
      "'pca' or 'random' but for t-SNE in 2 dimensions",
    ],
    ['alpha', alpha, alpha > 0 && Number.isFinite(alpha), 'a number above 0'],
    ['curve', JSON.stringify(curve), curve.a > 0 && curve.b > 0, '{a, b}, both above 0'],
    ['epochs', epochs, whole(epochs, 1), 'a whole number from 1 on'],
    ['batch', batch, whole(batch, 2), 'a whole number from 2 on'],
    ['learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number above 0'],
    ['exaggeration', exaggeration, exaggeration > 0 && exaggeration < Infinity, 'a number above 0'],
    ['supervision', supervision, supervision >= 0 && supervision <= 1, 'a number from 0 to 1'],
    ['seed', settings.seed, Number.isInteger(settings.seed), 'a whole number'],
  ];
  for (const [option, received, fits, wanted] of rules)
    if (!fits) throw new TsneOptionError(option, received, wanted);
}

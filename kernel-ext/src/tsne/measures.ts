import type { Tensor } from '@tensorflow/tfjs';
import type { EmbeddingMeasures } from '../payload';
import { partOf, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import type { EmbeddedPoints } from './embedded-points';
import { labelsOf, type PointData, type PointLabel, pointTensor, type Rows } from './points';
import {
  continuity,
  klDivergence,
  knnError,
  neighborhoodHit,
  shepardCorrelation,
  trustworthiness,
} from './quality';
import { randomFor, sampleOf } from './random';
import { type Steps, watchedResultOf } from './steps';
import { NameCountError } from '../errors';

export interface MeasureOptions extends Work {
  /** Neighbors that count for trustworthiness, continuity and neighborhood hit. Default: 12, or fewer for small N. */
  k?: number;
  /** How many points, drawn with `seed`, the measures that compare all pairs use. Default: 5,000. */
  sample?: number;
  seed?: number;
  /** New points, classified by those of the embedding. Default: its own points, each classified by the others. */
  data?: PointData;
  /** Labels of the new points. */
  labels?: ArrayLike<PointLabel>;
}

/** Measures of an embedding; those that need labels are null without them. */
export interface Measures extends EmbeddingMeasures {
  /** Spearman's correlation of distances in the data and in the embedding, on at most 2,000 points. */
  shepard: number;
  /** KL(P ‖ Q) in nats; null if P is unknown or there are more points than the sample has. */
  kl: number | null;
}

const SAMPLE = 5000;
const SHEPARD_SAMPLE = 2000;

/** Measures an embedding of its own points or of new ones. It can be stopped, and leaves no tensor then. */
export async function measuresOf(embedding: EmbeddedPoints, options: MeasureOptions): Promise<Measures> {
  return withWorkBar(inPercent('Quality'), partOf(options, 0, 1), work =>
    watchedMeasures(embedding, options, work),
  );
}

async function watchedMeasures(
  embedding: EmbeddedPoints,
  options: MeasureOptions,
  work: Work,
): Promise<Measures> {
  const { points, coordinates, labels } = await measured(embedding, options);
  const { sample = SAMPLE, seed = 1 } = options;
  const chosen = sampleOf(points.count, sample, randomFor(seed, 'measures'));
  const data = rowsAt(points, chosen);
  const embedded = rowsAt(coordinates, chosen);
  const k = options.k ?? Math.min(12, Math.ceil(chosen.length / 2) - 1);
  const few = chosen.subarray(0, SHEPARD_SAMPLE);
  const votes = await voters(embedding, options, embedded, labels && pickLabels(labels, chosen));
  const isWhole = !options.data && chosen.length === embedding.length;
  const part = <T>(steps: Steps<T>, from: number, to: number) =>
    watchedResultOf(steps, partOf(work, from, to));
  return {
    k,
    sample: chosen.length,
    trustworthiness: await part(trustworthiness(data, embedded, k), 0, 0.35),
    continuity: await part(continuity(data, embedded, k), 0.35, 0.7),
    ...(await votes(k, partOf(work, 0.7, 0.8))),
    shepard: await part(shepardCorrelation(rowsAt(points, few), rowsAt(coordinates, few)), 0.8, 0.9),
    kl:
      embedding.affinity && isWhole
        ? await part(klDivergence(embedding.affinity, embedded, embedding.training.settings.alpha), 0.9, 1)
        : null,
  };
}

async function measured(embedding: EmbeddedPoints, options: MeasureOptions) {
  if (!options.data) {
    const { points, coordinates, labels } = embedding;
    return { points: await rows(points), coordinates: await rows(coordinates), labels };
  }
  const points = pointTensor(options.data);
  let coordinates: Tensor | undefined;
  try {
    coordinates = embedding.transform(points);
    const labels = labelsOf(options.data, points.shape[0], options.labels);
    return { points: await rows(points), coordinates: await rows(coordinates), labels };
  } finally {
    points.dispose();
    coordinates?.dispose();
  }
}

type Votes = Pick<Measures, 'knnError1' | 'knnError5' | 'neighborhoodHit'>;

/** How neighbors vote on classes: those in the sample itself, or, for new points, those of the embedding. */
async function voters(
  embedding: EmbeddedPoints,
  options: MeasureOptions,
  embedded: Rows,
  labels: (string | null)[] | null,
): Promise<(k: number, work: Work) => Promise<Votes>> {
  const own = await rows(embedding.coordinates);
  const theirs = options.data ? embedding.labels : labels;
  if (!labels || !theirs) return async () => ({ knnError1: null, knnError5: null, neighborhoodHit: null });
  const asked = labeled(embedded, labels);
  const known = options.data ? labeled(own, theirs) : asked;
  const test = options.data ? asked : undefined;
  const error = (k: number, work: Work) =>
    known.embedded.count > k ? watchedResultOf(knnError(known.embedded, known.labels, k, test), work) : null;
  return async (k, work) => ({
    knnError1: await error(1, partOf(work, 0, 0.3)),
    knnError5: await error(5, partOf(work, 0.3, 0.6)),
    neighborhoodHit:
      asked.embedded.count > k
        ? await watchedResultOf(neighborhoodHit(asked.embedded, asked.labels, k), partOf(work, 0.6, 1))
        : null,
  });
}

/** The points that have a label. */
function labeled(embedded: Rows, labels: readonly (string | null)[]): { embedded: Rows; labels: string[] } {
  if (labels.length !== embedded.count)
    throw new NameCountError('embedding.quality', 'labels', labels.length, 'points', embedded.count);
  const known = Int32Array.from([...labels.keys()].filter(i => labels[i] !== null));
  return { embedded: rowsAt(embedded, known), labels: pickLabels(labels, known) as string[] };
}

const pickLabels = (labels: readonly (string | null)[], at: Int32Array) => Array.from(at, i => labels[i]);

async function rows(tensor: Tensor): Promise<Rows> {
  const values = (await tensor.data()) as Float32Array;
  return { count: tensor.shape[0], width: values.length / tensor.shape[0], values };
}

function rowsAt({ width, values }: Rows, at: Int32Array): Rows {
  const chosen = new Float32Array(at.length * width);
  at.forEach((i, row) => chosen.set(values.subarray(i * width, (i + 1) * width), row * width));
  return { count: at.length, width, values: chosen };
}

import { checkOptions, COUNT, LIST, TEXT, type OptionKinds } from '../../errors/check-options';
import { type Embedding, type MeasureOptions } from '../../tsne';
import {
  byClassName,
  type EmbeddingPayload,
  encodeArray,
  encodeIntegers,
  evenly,
  quantized,
  SCHEMA_VERSION,
  type ThumbnailsPayload,
  toBase64,
} from '../../payload';
import { ColumnLengthError } from '../../display/errors';
import { explanation, shownAxes } from '../../tsne/explanation';
import { thumbnailSheet } from '../../page/thumbnail-sheet';

/** Which parts of an embedding to show. */
export interface EmbeddingView {
  title?: string;
  /** The point or points whose explanations are saved with the notebook, by index in the data. Default: the first. */
  point?: number | readonly number[];
  /** Numbers to color the points by, one per point. */
  columns?: Readonly<Record<string, ArrayLike<number>>>;
  /** Names of the points, by which a view finds them. */
  names?: readonly string[];
  /** Measures of quality, as `embedding.quality` gives them; false: none. Default: measured on 1,000 points. */
  measures?: MeasureOptions | false;
  /** How many points are shown, taken evenly from all. Default: up to 200,000 (1.5 MB); at most 1,000,000. */
  points?: number;
  /** How many points have a thumbnail in the notebook; the others have one only while the kernel runs. Default: 300. */
  thumbnails?: number;
}

const VIEW: OptionKinds = {
  title: TEXT,
  point: {
    fits: point => Number.isInteger(point) || LIST.fits(point),
    wanted: 'the index of a point, or indices in an array',
  },
  columns: {
    fits: columns =>
      typeof columns === 'object' && columns !== null && Object.values(columns).every(LIST.fits),
    wanted: 'columns by name, { age: […] }',
  },
  names: LIST,
  points: COUNT,
};

const POINTS = 200_000;
const MOST_POINTS = 1_000_000;
const MEASURED = 1000;
const THUMBNAILS = 300;
const MOST_CLASSES = 1000;
/** Points with more numbers than this are explained only by the live kernel: W for two axes has twice as many numbers. */
const MOST_SAVED = 20_000;

/**
 * Everything that the views of an embedding show, as plain data.
 * @param handle the name under which the kernel answers for the other points
 * @throws {ColumnLengthError} if a column or the names do not have one entry per point; {UnknownPointError} if there is no
 *   `point`; {DisposedError} if the embedding was disposed of.
 */
export async function embeddingPayload(
  embedding: Embedding,
  view: EmbeddingView,
  handle: string,
): Promise<EmbeddingPayload> {
  embedding.assertAlive();
  checkOptions('plot', view, VIEW);
  const axes = shownAxes(embedding).map(axis => embedding.axes[axis]);
  const shown = evenly(embedding.length, Math.min(view.points ?? POINTS, MOST_POINTS));
  const isPart = shown.length < embedding.length;
  const coordinates = await shownCoordinates(embedding, shown, axes.length);
  const { labels, training } = embedding;
  return {
    schemaVersion: SCHEMA_VERSION,
    title: view.title ?? titleOf(training.settings.objective),
    axes,
    coordinates: quantized(coordinates, axes.length),
    total: embedding.length,
    ...(isPart && { indices: encodeArray(Float32Array.from(shown), [shown.length]) }),
    inputShape: embedding.points.shape.slice(1),
    ...(embedding.features && { features: [...embedding.features] }),
    ...classesOf(labels, shown),
    ...(view.names && { names: pick('names', view.names, embedding.length, shown) }),
    columns: Object.entries(view.columns ?? {}).map(([name, values]) => ({
      name,
      values: quantized(Float32Array.from(pick(name, values, embedding.length, shown)), 1),
    })),
    ...(view.measures !== false && (await measured(embedding, view.measures))),
    history: training.history,
    ...(await smallImages(embedding, shown, view.thumbnails ?? THUMBNAILS)),
    explained: await explainedPoints(embedding, [view.point ?? 0].flat()),
    handle,
  };
}

export const titleOf = (objective: 'tsne' | 'umap'): string =>
  objective === 'umap' ? 'Parametric UMAP' : 'Parametric t-SNE';

async function shownCoordinates(
  embedding: Embedding,
  shown: readonly number[],
  axes: number,
): Promise<Float32Array> {
  const all = (await embedding.coordinates.data()) as Float32Array;
  const width = embedding.coordinates.shape[1];
  return Float32Array.from(
    { length: shown.length * axes },
    (_, i) => all[shown[Math.floor(i / axes)] * width + (i % axes)],
  );
}

function pick<T>(name: string, values: ArrayLike<T>, total: number, shown: readonly number[]): T[] {
  if (values.length !== total) throw new ColumnLengthError(name, values.length, total);
  return shown.map(i => values[i]);
}

/** The classes of the shown points. More than a thousand distinct labels are names, not classes, and are left out. */
export function classesOf(
  labels: Embedding['labels'],
  shown: readonly number[],
): Pick<EmbeddingPayload, 'classes'> {
  if (!labels) return {};
  const ofShown = shown.map(i => labels[i]);
  const names = [...new Set(ofShown.filter(label => label !== null))].sort(byClassName);
  if (names.length === 0 || names.length > MOST_CLASSES) return {};
  const index = new Map(names.map((name, i) => [name, i]));
  const of = ofShown.map(label => (label === null ? names.length : index.get(label)!));
  return { classes: { names, of: encodeIntegers(of, names.length < 256 ? 'uint8' : 'int16', [of.length]) } };
}

async function measured(
  embedding: Embedding,
  options: MeasureOptions = { sample: MEASURED },
): Promise<Pick<EmbeddingPayload, 'measures'>> {
  // Fewer than four points have no neighborhoods to measure.
  if (embedding.length < 4) return {};
  const { k, sample, trustworthiness, continuity, ...votes } = await embedding.quality(options);
  const { knnError1, knnError5, neighborhoodHit } = votes;
  return { measures: { k, sample, trustworthiness, continuity, knnError1, knnError5, neighborhoodHit } };
}

async function smallImages(
  embedding: Embedding,
  shown: readonly number[],
  count: number,
): Promise<{ thumbnails?: ThumbnailsPayload }> {
  if (count < 1) return {};
  const of = evenly(shown.length, count);
  const columns = Math.ceil(Math.sqrt(of.length));
  const points = of.map(i => shown[i]);
  const sheet = await thumbnailSheet(embedding, points, columns);
  if (!sheet) return {};
  const { height, width, inked, png } = sheet;
  const payload = { height, width, columns, inked, png: toBase64(png) };
  return { thumbnails: { of: encodeArray(Float32Array.from(of), [of.length]), ...payload } };
}

async function explainedPoints(
  embedding: Embedding,
  points: readonly number[],
): Promise<EmbeddingPayload['explained']> {
  const shape = embedding.points.shape.slice(1);
  if (shape.reduce((product, length) => product * length, 1) > MOST_SAVED) return [];
  const explained: EmbeddingPayload['explained'] = [];
  for (const point of points) {
    const { input, weights, ...rest } = await explanation(embedding, point);
    const axes = rest.output.length;
    explained.push({
      ...rest,
      input: encodeArray(input, shape),
      weights: encodeArray(weights, [axes, ...shape]),
    });
  }
  return explained;
}

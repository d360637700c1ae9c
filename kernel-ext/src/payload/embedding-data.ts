import { asShape, decodeIndices } from './arrays/array-payload';
import { readQuantized } from './arrays/quantized';
import { type EmbeddingMeasures, type EmbeddingPayload, SHOWN_AXES, TRAINING_STATES } from './embedding';
import { MalformedPayloadError } from './errors';
import { type Explanation, readExplanation } from './explanation';
import {
  asCount,
  asFields,
  asIndex,
  asList,
  asNumber,
  asNumberWithin,
  asOneOf,
  asText,
  asTexts,
  own,
} from './fields';
import { readThumbnails, type Thumbnails } from './pictures/thumbnails';
import { rangeOf } from './range';
import { checkVersion } from './version';

/** A number for each point, by which the points can be colored. */
export interface PointColumn {
  name: string;
  values: Float32Array;
  low: number;
  high: number;
}

/** A checked and decoded `EmbeddingPayload`: n points, in the order of the payload. */
export interface EmbeddingData {
  title: string;
  axes: string[];
  /** n */
  count: number;
  /** N, the points of the data. */
  total: number;
  /** Coordinates, [n] each, across and up; 0 up for an embedding with one axis. */
  across: Float32Array;
  up: Float32Array;
  /** Index in the data of each shown point; null if it equals the position. */
  indices: Float32Array | null;
  inputShape: number[];
  /** Names of the D numbers of a point; undefined if they have none. */
  features?: string[];
  /** `of`: names.length for a point without a class. */
  classes: { names: string[]; of: Float32Array } | null;
  names: string[] | null;
  columns: PointColumn[];
  measures: EmbeddingMeasures | null;
  history: EmbeddingPayload['history'];
  training: EmbeddingPayload['training'] | null;
  thumbnails: Thumbnails | null;
  /** Saved explanations by index in the data. */
  explained: ReadonlyMap<number, Explanation>;
  handle: string;
}

const MOST_TOTAL = 2 ** 24;
const MOST_CLASSES = 10_000;
const MOST_EPOCHS = 100_000;
const MOST_COLUMNS = 100;
const MOST_EXPLAINED = 100;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws {MalformedPayloadError} that names the faulty field; {UnknownVersionError}
 */
export function readEmbedding(payload: unknown): EmbeddingData {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const axes = asTexts(own(fields, 'axes'), 1, SHOWN_AXES, 'axes');
  const coordinates = readQuantized(own(fields, 'coordinates'), axes.length, 'coordinates');
  const count = coordinates.length / axes.length;
  const total = asIndex(own(fields, 'total'), MOST_TOTAL, 'total');
  const inputShape = asShape(own(fields, 'inputShape'), 'inputShape');
  return {
    title: asText(own(fields, 'title'), 'title'),
    axes,
    count,
    total,
    across: coordinates.filter((_, i) => i % axes.length === 0),
    up: axes.length === 2 ? coordinates.filter((_, i) => i % 2 === 1) : new Float32Array(count),
    indices: readIndices(own(fields, 'indices'), count, total),
    inputShape,
    ...readFeatures(own(fields, 'features'), inputShape),
    classes: readClasses(own(fields, 'classes'), count),
    names: readNames(own(fields, 'names'), count),
    columns: readColumns(own(fields, 'columns'), count),
    measures: readMeasures(own(fields, 'measures')),
    history: readHistory(own(fields, 'history')),
    training: readTraining(own(fields, 'training')),
    thumbnails: readThumbnails(own(fields, 'thumbnails'), count),
    explained: readExplained(own(fields, 'explained'), total, axes.length, inputShape),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

function readIndices(value: unknown, count: number, total: number): Float32Array | null {
  if (value !== undefined) return decodeIndices(value, count, total, 'indices');
  if (count === total) return null;
  throw new MalformedPayloadError('indices', `is missing for ${count} of ${total} points`);
}

function readClasses(value: unknown, count: number): EmbeddingData['classes'] {
  if (value === undefined) return null;
  const fields = asFields(value, 'classes');
  const names = asTexts(own(fields, 'names'), 1, MOST_CLASSES, 'classes.names');
  return { names, of: decodeIndices(own(fields, 'of'), count, names.length + 1, 'classes.of') };
}

function readNames(value: unknown, count: number): string[] | null {
  return value === undefined ? null : asTexts(value, count, count, 'names');
}

function readFeatures(value: unknown, shape: readonly number[]): { features?: string[] } {
  if (value === undefined) return {};
  const width = shape.reduce((product, side) => product * side, 1);
  return { features: asTexts(value, width, width, 'features') };
}

function readColumns(value: unknown, count: number): PointColumn[] {
  return asList(value, 0, MOST_COLUMNS, 'columns').map((entry, i) => {
    const field = `columns[${i}]`;
    const fields = asFields(entry, field);
    const values = readQuantized(own(fields, 'values'), 1, `${field}.values`);
    if (values.length !== count)
      throw new MalformedPayloadError(`${field}.values`, `has ${values.length} entries for ${count} points`);
    return { name: asText(own(fields, 'name'), `${field}.name`), values, ...rangeOf(values) };
  });
}

function readMeasures(value: unknown): EmbeddingMeasures | null {
  if (value === undefined) return null;
  const fields = asFields(value, 'measures');
  const number = (key: keyof EmbeddingMeasures) => asNumber(own(fields, key), `measures.${key}`);
  const share = (key: keyof EmbeddingMeasures) => {
    const found = own(fields, key);
    return found === null ? null : asNumberWithin(found, 0, 1, `measures.${key}`);
  };
  return {
    k: asCount(own(fields, 'k'), 'measures.k'),
    sample: asCount(own(fields, 'sample'), 'measures.sample'),
    trustworthiness: number('trustworthiness'),
    continuity: number('continuity'),
    knnError1: share('knnError1'),
    knnError5: share('knnError5'),
    neighborhoodHit: share('neighborhoodHit'),
  };
}

function readHistory(value: unknown): EmbeddingData['history'] {
  return asList(value, 0, MOST_EPOCHS, 'history').map((entry, i) => {
    const fields = asFields(entry, `history[${i}]`);
    const number = (key: string) => asNumber(own(fields, key), `history[${i}].${key}`);
    return { epoch: number('epoch'), loss: number('loss'), trustworthiness: number('trustworthiness') };
  });
}

function readTraining(value: unknown): EmbeddingData['training'] {
  if (value === undefined) return null;
  const fields = asFields(value, 'training');
  const stage = own(fields, 'stage');
  return {
    ...(stage !== undefined && { stage: asOneOf(stage, ['non-parametric'] as const, 'training.stage') }),
    epoch: asCount(own(fields, 'epoch'), 'training.epoch'),
    epochs: asCount(own(fields, 'epochs'), 'training.epochs'),
    state: asOneOf(own(fields, 'state'), TRAINING_STATES, 'training.state'),
  };
}

function readExplained(
  value: unknown,
  points: number,
  axes: number,
  shape: readonly number[],
): Map<number, Explanation> {
  const reasons = asList(value, 0, MOST_EXPLAINED, 'explained').map((entry, i) =>
    readExplanation(entry, { points, axes, shape }, `explained[${i}]`),
  );
  return new Map(reasons.map(reason => [reason.point, reason]));
}

import type { EmbeddingPayload, MapMeasures } from 'piecewise/payload';
import { extent } from '../figures/extent';
import { decodeArray } from '../payload/array-payload';
import { readQuantized, readWhole } from '../payload/columns';
import { readBoolean, readPolicies, readResidual } from '../decomposition/decomposition';
import { asFields, asIndex, asList, asNumber, asNumbers, asText, own, type Fields } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';
import { type Explanation, explanationOf } from './explanation';
import { readThumbnails, type Thumbnails } from './thumbnails';
import { checkVersion } from '../payload/version';

/** Numbers of the points, by which they can be colored. */
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
  /** Places, [n] each, across and up; 0 up for a map with one axis. */
  across: Float32Array;
  up: Float32Array;
  /** Index in the data of each shown point; null: they are the same. */
  indices: Float32Array | null;
  inputShape: number[];
  /** `of`: names.length for a point without a class. */
  classes: { names: string[]; of: Float32Array } | null;
  names: string[] | null;
  columns: PointColumn[];
  measures: MapMeasures | null;
  history: EmbeddingPayload['history'];
  training: EmbeddingPayload['training'] | null;
  thumbnails: Thumbnails | null;
  /** Saved reasons by index in the data. */
  explained: ReadonlyMap<number, Explanation>;
  handle: string;
}

const MOST_TOTAL = 2 ** 24;
const MOST_CLASSES = 10_000;
const MOST_EPOCHS = 100_000;
const MOST_COLUMNS = 100;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws MalformedPayloadError, UnknownVersionError
 */
export function readEmbedding(payload: unknown): EmbeddingData {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const axes = asList(own(fields, 'axes'), 1, 2, 'axes').map((axis, i) => asText(axis, `axes[${i}]`));
  const places = readQuantized(own(fields, 'places'), axes.length, 'places');
  const count = places.length / axes.length;
  const total = asIndex(own(fields, 'total'), MOST_TOTAL, 'total');
  const inputShape = shapeOf(own(fields, 'inputShape'));
  const indices = readIndices(own(fields, 'indices'), count, total);
  return {
    title: asText(own(fields, 'title'), 'title'),
    axes,
    count,
    total,
    across: places.filter((_, i) => i % axes.length === 0),
    up: axes.length === 2 ? places.filter((_, i) => i % 2 === 1) : new Float32Array(count),
    indices,
    inputShape,
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

function shapeOf(value: unknown): number[] {
  return asNumbers(value, 1, 8, 'inputShape').map(length => {
    if (Number.isInteger(length) && length >= 1 && length <= 2 ** 24) return length;
    throw new MalformedPayloadError('inputShape', `holds ${length}, not a positive whole number`);
  });
}

function readIndices(value: unknown, count: number, total: number): Float32Array | null {
  if (value !== undefined) return readWhole(value, count, total, 'indices');
  if (count === total) return null;
  throw new MalformedPayloadError('indices', `is missing for ${count} of ${total} points`);
}

function readClasses(value: unknown, count: number): EmbeddingData['classes'] {
  if (value === undefined) return null;
  const fields = asFields(value, 'classes');
  const names = asList(own(fields, 'names'), 1, MOST_CLASSES, 'classes.names').map((name, i) =>
    asText(name, `classes.names[${i}]`),
  );
  return { names, of: readWhole(own(fields, 'of'), count, names.length + 1, 'classes.of') };
}

function readNames(value: unknown, count: number): string[] | null {
  if (value === undefined) return null;
  return asList(value, count, count, 'names').map((name, i) => asText(name, `names[${i}]`));
}

function readColumns(value: unknown, count: number): PointColumn[] {
  return asList(value, 0, MOST_COLUMNS, 'columns').map((entry, i) => {
    const field = `columns[${i}]`;
    const fields = asFields(entry, field);
    const values = readQuantized(own(fields, 'values'), 1, `${field}.values`);
    if (values.length !== count)
      throw new MalformedPayloadError(`${field}.values`, `has ${values.length} entries for ${count} points`);
    const [low, high] = extent(values);
    return { name: asText(own(fields, 'name'), `${field}.name`), values, low, high };
  });
}

function readMeasures(value: unknown): MapMeasures | null {
  if (value === undefined) return null;
  const fields = asFields(value, 'measures');
  const number = (key: string) => asNumber(own(fields, key), `measures.${key}`);
  const share = (key: string) => (own(fields, key) === null ? null : number(key));
  return {
    k: number('k'),
    sample: number('sample'),
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
  const state = own(fields, 'state');
  if (state !== 'running' && state !== 'paused' && state !== 'stopped' && state !== 'done')
    throw new MalformedPayloadError('training.state', 'is none of running, paused, stopped, done');
  const number = (key: string) => asNumber(own(fields, key), `training.${key}`);
  const stage = own(fields, 'stage') === 'non-parametric' ? { stage: 'non-parametric' as const } : {};
  return { ...stage, epoch: number('epoch'), epochs: number('epochs'), state };
}

function readExplained(
  value: unknown,
  total: number,
  axes: number,
  shape: readonly number[],
): Map<number, Explanation> {
  const reasons = new Map<number, Explanation>();
  asList(value, 0, MOST_COLUMNS, 'explained').forEach((entry, i) => {
    const field = `explained[${i}]`;
    const fields: Fields = asFields(entry, field);
    const array = (key: string, wanted: readonly number[]) => {
      const decoded = decodeArray(own(fields, key), `${field}.${key}`);
      if (decoded.shape.join() === wanted.join()) return decoded.values;
      throw new MalformedPayloadError(`${field}.${key}.shape`, `is [${decoded.shape}], not [${wanted}]`);
    };
    const reason = {
      point: asIndex(own(fields, 'index'), total, `${field}.index`),
      x: array('input', shape),
      w: array('weights', [axes, ...shape]),
      output: asNumbers(own(fields, 'output'), axes, axes, `${field}.output`),
      bias: asNumbers(own(fields, 'bias'), axes, axes, `${field}.bias`),
      exact: readBoolean(own(fields, 'exact'), `${field}.exact`),
      policies: readPolicies(own(fields, 'policies')),
      residual: readResidual(own(fields, 'residual')),
    };
    reasons.set(reason.point, explanationOf(reason));
  });
  return reasons;
}

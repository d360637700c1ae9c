import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../tsne';
import { float32Bytes, float32Values } from '../payload/array-codec';
import { apartAnswer } from './apart';
import { comparison } from './comparison';
import type { MapRequest, TrainingState } from '../payload/embedding';
import { explanation, shownAxes } from '../bundles/embedding/explanation';
import type { Answer } from './answer';
import { mapNeighbors } from './embedding-neighbors';
import { select } from '../display/selection';
import { ShownThings } from './shown-things';
import { thumbnails } from '../bundles/embedding/thumbnails';

/** A training that somebody watches. */
export interface Steered {
  steer(wish: 'pause' | 'resume' | 'stop'): TrainingState;
}

/** Maps, and trainings. */
const shown = new ShownThings<Embedding | Steered>(16, thing => isMap(thing) && thing.isDisposed);
/** What one message may ask for. */
const MOST_THUMBNAILS = 64;
const MOST_NEIGHBORS = 100;
const MOST_IN_GROUP = 1000;

const OPS = ['explain', 'neighbors', 'thumbnails', 'compare', 'apart', 'place', 'select', 'steer'];

/** The name under which `answerMap` finds the map. */
export const mapHandle = (thing: Embedding | Steered): string => shown.handleOf(thing);

export const isMapRequest = (request: { op?: unknown } | null | undefined): request is MapRequest =>
  OPS.includes(String(request?.op));

/** As `answer`, for views of maps. */
export async function answerMap(
  request: MapRequest,
  id: number,
  buffers: readonly ArrayBufferView[] = [],
): Promise<Answer> {
  const thing = shown.find(request.handle);
  if (!thing)
    return refusal(id, 'gone', 'The kernel no longer has this map. Run the cell again to ask it more.');
  const bad = faultOf(request, thing) ?? (request.op === 'place' ? badInput(buffers, thing) : null);
  if (bad) return refusal(id, 'bad-request', bad);
  try {
    if (request.op === 'place') return await placed(id, thing as Embedding, buffers[0]);
    return await answered(request, thing, id);
  } catch (error) {
    return refusal(id, 'failed', error instanceof Error ? error.message : String(error));
  }
}

/** Where the network puts another input, on the axes that are shown. */
async function placed(id: number, map: Embedding, bytes: ArrayBufferView): Promise<Answer> {
  const x = tf.tensor(float32Values(bytes), [1, ...map.points.shape.slice(1)]);
  const y = map.transform(x);
  const place = [...(await y.data()).slice(0, shownAxes(map).length)];
  tf.dispose([x, y]);
  return { reply: { id, ok: true, op: 'place', place }, buffers: [] };
}

async function answered(
  request: Exclude<MapRequest, { op: 'place' }>,
  thing: Embedding | Steered,
  id: number,
): Promise<Answer> {
  if (!isMap(thing))
    return {
      reply: { id, ok: true, op: 'steer', state: thing.steer((request as Steering).wish) },
      buffers: [],
    };
  switch (request.op) {
    case 'explain': {
      const { input, weights, ...rest } = await explanation(thing, request.point);
      return { reply: { id, ok: true, op: 'explain', ...rest }, buffers: [input, weights].map(float32Bytes) };
    }
    case 'neighbors': {
      const found = await mapNeighbors(thing, request.point, request.k);
      return { reply: { id, ok: true, op: 'neighbors', ...found }, buffers: [] };
    }
    case 'thumbnails': {
      const sheet = await thumbnails(thing, request.points, request.points.length);
      if (!sheet) return refusal(id, 'bad-request', 'These points are no images.');
      const { png, ...size } = sheet;
      return { reply: { id, ok: true, op: 'thumbnails', ...size }, buffers: [png] };
    }
    case 'compare': {
      const { buffers, ...rest } = await comparison(thing, request.groups);
      return { reply: { id, ok: true, op: 'compare', ...rest }, buffers: buffers.map(float32Bytes) };
    }
    case 'apart':
      return apartAnswer(id, thing, request.groups);
    case 'select':
      select(thing, request.points);
      return { reply: { id, ok: true, op: 'select' }, buffers: [] };
    case 'steer':
      return refusal(id, 'bad-request', 'This map is not in training.');
  }
}

type Steering = Extract<MapRequest, { op: 'steer' }>;

/** null: the request is one that this thing can answer. */
function faultOf(request: MapRequest, thing: Embedding | Steered): string | null {
  if (!isMap(thing)) {
    const { op, wish } = request as Steering;
    const isWish = op === 'steer' && ['pause', 'resume', 'stop'].includes(wish);
    return isWish ? null : 'the map is still in training, which can be paused, resumed and stopped.';
  }
  const fits = (i: unknown): boolean => Number.isInteger(i) && Number(i) >= 0 && Number(i) < thing.length;
  const list = (points: unknown, least: number, most: number): string | null =>
    Array.isArray(points) && points.length >= least && points.length <= most && points.every(fits)
      ? null
      : `it wanted a list of ${least} to ${most} points, whole numbers from 0 to ${thing.length - 1}.`;
  switch (request.op) {
    case 'explain':
      return list([request.point], 1, 1);
    case 'neighbors':
      return list([request.point], 1, 1) ?? badCount(request.k, Math.min(MOST_NEIGHBORS, thing.length - 1));
    case 'thumbnails':
      return list(request.points, 1, MOST_THUMBNAILS);
    case 'compare':
    case 'apart':
      return Array.isArray(request.groups) && request.groups.length === 2
        ? (list(request.groups[0], 1, MOST_IN_GROUP) ?? list(request.groups[1], 1, MOST_IN_GROUP))
        : 'it wanted two groups of points.';
    case 'place':
      return null;
    case 'select':
      return list(request.points, 0, thing.length);
    case 'steer':
      return null;
  }
}

/** Trainings know no places of other inputs; `faultOf` has refused them. */
function badInput(buffers: readonly ArrayBufferView[], thing: Embedding | Steered): string | null {
  if (!isMap(thing)) return 'the map is still in training.';
  const [count, bytes] = [thing.points.size / thing.length, buffers[0]?.byteLength ?? 0];
  if (buffers.length === 1 && bytes === 4 * count && float32Values(buffers[0]).every(Number.isFinite))
    return null;
  return `the message has ${buffers.length} buffers, the first of ${bytes} bytes; it wanted one of ${count} finite float32 numbers.`;
}

const badCount = (k: unknown, most: number): string | null =>
  Number.isInteger(k) && Number(k) >= 1 && Number(k) <= most
    ? null
    : `k is to be a whole number from 1 to ${most}.`;

// By its looks, since a training is the other kind.
const isMap = (thing: Embedding | Steered): thing is Embedding => !('steer' in thing);

function refusal(id: number, code: 'gone' | 'bad-request' | 'failed', message: string): Answer {
  return { reply: { id, ok: false, code, message }, buffers: [] };
}

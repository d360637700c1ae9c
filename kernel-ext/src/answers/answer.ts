import * as tf from '@tensorflow/tfjs';
import type { Linearization } from '../linearization/linearization';
import { float32Bytes, float32Values } from '../payload/array-codec';
import type { ChannelsOptions } from '../linearization/channels';
import { answerMap, isMapRequest } from './embedding-answer';
import { radiusAnswer, reachAnswer, tieAnswer } from './region-answers';
import { answerWay, isWayRequest } from './path-answer';
import {
  type CommReply,
  type CommRequest,
  type MapRequest,
  SCHEMA_VERSION,
  type WayRequest,
} from '../payload/linearization';
import { ShownThings } from './shown-things';

/** What the comm sends back: the reply, and for rows one buffer of float32, little endian, each. */
export interface Answer {
  reply: CommReply;
  buffers: Uint8Array[];
}

interface Shown {
  lin: Linearization;
  instance: number;
}

const shown = new ShownThings<Shown>(
  64,
  ({ lin }) => lin.isDisposed,
  (a, b) => a.lin === b.lin && a.instance === b.instance,
);
/** Channels that one message may ask for in full. */
const MOST_CHANNELS = 256;

/** The name under which `answer` finds this instance of the linearization. */
export function liveHandle(lin: Linearization, instance: number): string {
  return shown.handleOf({ lin, instance });
}

/**
 * Answers a view on the comm `piecewise.v1`. Failures are answers, too; it rejects only when `signal` aborts.
 * The request may be anything: it comes from a page.
 */
export async function answer(
  request: CommRequest,
  signal: AbortSignal,
  buffers: readonly ArrayBufferView[] = [],
): Promise<Answer> {
  const id = Number.isInteger(request?.id) ? request.id : -1;
  if (isMapRequest(request)) return answerMap(request, id, buffers);
  if (isWayRequest(request)) return answerWay(request, id);
  if (!isQuestion(request)) {
    const op = JSON.stringify(request?.op);
    return refusal(id, 'bad-request', `op is ${op}; it wanted one of ${OPS.join(', ')}.`);
  }
  const entry = shown.find(request.handle);
  if (!entry) return gone(id);
  if (request.op === 'hello')
    return { reply: { id, ok: true, op: 'hello', schemaVersion: SCHEMA_VERSION }, buffers: [] };
  const bad = faultOf(request, entry, buffers);
  if (bad) return refusal(id, 'bad-request', bad);
  try {
    if (request.op === 'rows') return await rows(id, entry, request.indices, signal);
    if (request.op === 'channels') return await channels(id, entry, request);
    if (request.op === 'radius') return await radiusAnswer(id, entry.lin, entry.instance, signal);
    if (request.op === 'tie') return await tieAnswer(id, entry.lin, entry.instance, request, signal);
    if (request.op === 'reach') return await reachAnswer(id, entry.lin, entry.instance, buffers[0]);
    return await whatIf(id, entry, float32Values(buffers[0]));
  } catch (error) {
    signal.throwIfAborted();
    if (entry.lin.isDisposed) return gone(id);
    return refusal(id, 'failed', error instanceof Error ? error.message : String(error));
  }
}

type Question = Exclude<CommRequest, MapRequest | WayRequest | { op: 'cancel' }>;

const OPS = ['hello', 'rows', 'whatIf', 'channels', 'radius', 'reach', 'tie'];

const isQuestion = (request: CommRequest | null | undefined): request is Question =>
  OPS.includes(String(request?.op));

/** null: the request can be answered. */
function faultOf(
  request: Exclude<Question, { op: 'hello' }>,
  { lin, instance }: Shown,
  buffers: readonly ArrayBufferView[],
): string | null {
  const [outputs, inputs] = lin.weights.shape;
  if (request.op === 'rows') return badIndices(request.indices, outputs);
  if (request.op === 'radius') return null;
  if (request.op === 'tie') return badPair(request, outputs);
  if (request.op === 'whatIf' || request.op === 'reach') return badInput(buffers, inputs);
  const { layer, index, rival, most } = request;
  if (!lin.instance(instance).channelLayers.includes(layer))
    return `layer is ${JSON.stringify(layer)}, at which no map can start.`;
  if (!Number.isInteger(most) || most < 1 || most > MOST_CHANNELS)
    return `most is to be a whole number from 1 to ${MOST_CHANNELS}.`;
  return badIndices(rival === undefined ? [index] : [index, rival], outputs);
}

async function channels(id: number, { lin, instance }: Shown, question: ChannelsOptions): Promise<Answer> {
  const { sums, planes, shape, ...rest } = await lin.instance(instance).channels(question);
  return {
    reply: { id, ok: true, op: 'channels', shape: [...shape], ...rest },
    buffers: [sums, ...planes].map(float32Bytes),
  };
}

async function rows(
  id: number,
  { lin, instance }: Shown,
  indices: number[],
  signal: AbortSignal,
): Promise<Answer> {
  const buffers: Uint8Array[] = [];
  for (const index of indices) {
    signal.throwIfAborted();
    const [row] = await lin.instance(instance).rows([index]);
    buffers.push(float32Bytes(row));
  }
  return { reply: { id, ok: true, op: 'rows', indices, shape: [...lin.instance(instance).shape] }, buffers };
}

/** @param other x' of the shown instance. */
async function whatIf(id: number, { lin, instance }: Shown, other: Float32Array): Promise<Answer> {
  const one = lin.instance(instance);
  const elsewhere = tf.tensor(other, [...one.shape]);
  try {
    const { output, predicted, switched, units } = await one.whatIf(elsewhere);
    const numbers = { output: [...(await output.data())], predicted: [...(await predicted.data())] };
    tf.dispose([output, predicted]);
    return { reply: { id, ok: true, op: 'whatIf', ...numbers, switched, units }, buffers: [] };
  } finally {
    elsewhere.dispose();
  }
}

function badInput(buffers: readonly ArrayBufferView[], inputs: number): string | null {
  const bytes = buffers[0]?.byteLength ?? 0;
  if (buffers.length === 1 && bytes === 4 * inputs) return null;
  return `the message has ${buffers.length} buffers, the first of ${bytes} bytes; it wanted one of ${inputs} float32 numbers.`;
}

function badPair({ index, rival }: { index: number; rival: number }, outputs: number): string | null {
  return index === rival ? 'a class always ties with itself.' : badIndices([index, rival], outputs);
}

function badIndices(indices: unknown, classes: number): string | null {
  const fits = (index: unknown): boolean =>
    Number.isInteger(index) && Number(index) >= 0 && Number(index) < classes;
  if (Array.isArray(indices) && indices.length > 0 && indices.length <= classes && indices.every(fits))
    return null;
  return `indices are ${JSON.stringify(indices)?.slice(0, 200)}; it wanted 1 to ${classes} whole numbers from 0 to ${classes - 1}.`;
}

const gone = (id: number): Answer =>
  refusal(
    id,
    'gone',
    'The kernel no longer has this linearization. Run the cell again to see more than was saved.',
  );

function refusal(id: number, code: 'gone' | 'bad-request' | 'failed', message: string): Answer {
  return { reply: { id, ok: false, code, message }, buffers: [] };
}

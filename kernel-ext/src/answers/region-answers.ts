import * as tf from '@tensorflow/tfjs';
import type { Linearization } from '../linearization/linearization';
import { contrastEditAt } from '../paths/contrast-edit';
import { float32Bytes, float32Values } from '../payload/array-codec';
import { evenly } from '../payload/evenly';
import type { Answer } from './answer';

/**
 * How far the map holds. Of an input that lies on borders of its region (a digit on black, where entries of max-pools tie) they
 * are counted, and the distance is that to the nearest other one.
 */
export async function radiusAnswer(
  id: number,
  lin: Linearization,
  instance: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { distance, lower, exact, unit, point, touching } = await lin.instance(instance).radius({
    ties: 'skip',
    signal,
  });
  point?.dispose();
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    reply: {
      id,
      ok: true,
      op: 'radius',
      distance: finite(distance),
      lower: finite(lower),
      exact,
      unit,
      touching,
    },
    buffers: [],
  };
}

/** How far towards another input the map holds. */
export async function reachAnswer(
  id: number,
  lin: Linearization,
  instance: number,
  bytes: ArrayBufferView,
): Promise<Answer> {
  const one = lin.instance(instance);
  const other = tf.tensor(float32Values(bytes), [...one.shape]);
  try {
    return { reply: { id, ok: true, op: 'reach', ...(await one.reach(other)) }, buffers: [] };
  } finally {
    other.dispose();
  }
}

/** Places of a walk that are sent, with x'. */
const MOST_PLACES = 6;

/** An edit at which two outputs tie. */
export async function tieAnswer(
  id: number,
  lin: Linearization,
  instance: number,
  { index, rival }: { index: number; rival: number },
  signal: AbortSignal,
): Promise<Answer> {
  // Refuses maps that have no region at the input.
  const one = lin.instance(instance);
  await one.region();
  const x = tf.tensor(await one.input(), [...one.shape]);
  try {
    const edit = await contrastEditAt(lin.model, x, index, rival, { signal });
    edit.point.dispose();
    const { gap, distance, smallest, crossed, corners } = edit;
    const units = crossed.reduce((sum, border) => sum + border.length, 0);
    const places = evenly(corners.length - 1, MOST_PLACES).map(n => corners[n + 1]);
    return {
      reply: { id, ok: true, op: 'tie', gap, distance, smallest, borders: crossed.length, units },
      buffers: places.map(float32Bytes),
    };
  } finally {
    x.dispose();
  }
}

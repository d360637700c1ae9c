import * as tf from '@tensorflow/tfjs';
import type { Linearization } from '../linearization';
import { float32Values } from './arrays';
import { instanceShape } from './linearization-payload';
import type { Answer } from './live';

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
  const { distance, lower, exact, unit, point, touching } = await lin.radius({
    ties: 'skip',
    instance,
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
  const other = tf.tensor(float32Values(bytes), instanceShape(lin));
  try {
    return { reply: { id, ok: true, op: 'reach', ...(await lin.reach(other, { instance })) }, buffers: [] };
  } finally {
    other.dispose();
  }
}

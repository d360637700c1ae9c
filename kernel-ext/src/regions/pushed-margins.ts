import * as tf from '@tensorflow/tfjs';
import type { FrozenNetwork } from '../linear-map/frozen-network';
import { sizeOf } from '../plan/graph';
import type { Margins } from '../plan/margins';
import { pushedForward } from '../plan/push-forward';
import { stacked } from '../plan/step';

/**
 * How the margins of all units at x change with x along v: one pass through the frozen network without its shifts.
 * @param v D numbers
 * @returns one array per margin, in the order of the margin's entries.
 */
export async function pushedMargins(
  network: FrozenNetwork,
  x: tf.Tensor,
  { margins, steps }: Margins,
  v: Float32Array,
): Promise<Float32Array[]> {
  const { graph, input } = network.plan;
  const from = graph.input('v1', stacked(input.shape, 1));
  const at = pushedForward({ graph, input, steps }, from, { shifts: 'none' }, 1);
  const nodes = margins.map(({ value }) => at.get(value.id) ?? null);
  const value = tf.tensor(v, [...graph.shape(from)]);
  try {
    const moved = nodes.filter(node => node !== null);
    const results = await network.evaluate(x, moved, { node: from, value });
    const numbers = await Promise.all(results.map(result => result.data<'float32'>()));
    tf.dispose(results);
    let next = 0;
    return nodes.map((node, i) =>
      node === null ? new Float32Array(sizeOf(margins[i].value.shape)) : numbers[next++],
    );
  } finally {
    value.dispose();
  }
}

import * as tf from '@tensorflow/tfjs-node';
import type { Source } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { stepDone } from '../../kernel-ext/src/linear-map/work';
import { switchesOf } from '../../kernel-ext/src/plan/switches';
import { run } from '../../kernel-ext/src/run/tfjs';

/**
 * How near a gate comes to its threshold in each of N instances: min |z − t| over all gates [z > t]. Where that lies within
 * the rounding of z, two float32 programs may disagree on whether the gate is open, and both are right.
 *
 * @param shape [N, …] of x as the model takes it; N is then the first axis of every activation.
 * @returns [N]; infinite where there is no such gate.
 */
export async function nearestThresholds(
  source: Source,
  x: tf.Tensor,
  shape: readonly number[],
): Promise<Float32Array> {
  const [instances] = shape;
  const whole = x.reshape([...shape]);
  const { plan } = await Compiled.of(source, whole, instances);
  const { graph } = plan;
  const nearest = new Float32Array(instances).fill(Infinity);
  for (const gate of switchesOf(plan).thresholds) {
    const values = await run(graph, new Map([[plan.x, whole]]), graph.nodes[gate].inputs, stepDone);
    const distances = tf.tidy(() => tf.abs(tf.sub(values[0], values[1])).reshape([instances, -1]).min(1));
    (await distances.data()).forEach((distance, n) => (nearest[n] = Math.min(nearest[n], distance)));
    tf.dispose([values, distances]);
  }
  whole.dispose();
  return nearest;
}

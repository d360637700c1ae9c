import * as tf from '@tensorflow/tfjs-node';
import type { Source } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { switchesOf } from '../../kernel-ext/src/plan/switches';
import { run } from '../../kernel-ext/src/run/tfjs';

/**
 * For each of N instances how near a gate comes to its threshold, min |z − t| over all gates [z > t]. Where that is within
 * the rounding of z, two float32 programs may take it for open and for closed, and rightly differ.
 *
 * @param shape [N, …] of x as the model takes it; N is the first axis of every activation then.
 * @returns [N]; infinite where there is no gate of that kind.
 */
export async function nearestThresholds(
  source: Source,
  x: tf.Tensor,
  shape: readonly number[],
): Promise<Float32Array> {
  const [instances] = shape;
  const whole = x.reshape([...shape]);
  const { plan } = new Compiled(source, whole, instances);
  const { graph } = plan;
  const nearest = new Float32Array(instances).fill(Infinity);
  for (const gate of switchesOf(plan).thresholds) {
    const values = run(graph, new Map([[plan.x, whole]]), [...graph.nodes[gate].inputs]);
    const distances = tf.tidy(() => tf.abs(tf.sub(values[0], values[1])).reshape([instances, -1]).min(1));
    (await distances.data()).forEach((distance, n) => (nearest[n] = Math.min(nearest[n], distance)));
    tf.dispose([values, distances]);
  }
  whole.dispose();
  return nearest;
}

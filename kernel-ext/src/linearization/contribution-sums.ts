import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { groupSums } from '../linear-map/group-sums';

/**
 * A contribution summed by groups of its positions, in float64. Disposes it.
 * @param batch N, or null without an axis of instances.
 * @returns [groups] or [N, groups]; the caller disposes it.
 */
export async function contributionSums(
  contribution: Tensor,
  batch: number | null,
  groups: number,
  groupOf: (position: number) => number,
): Promise<Tensor> {
  const values = await contribution.data<'float32'>();
  contribution.dispose();
  const sums = groupSums(values, batch ?? 1, groups, groupOf);
  return tf.tensor(sums, [...(batch === null ? [] : [batch]), groups]);
}

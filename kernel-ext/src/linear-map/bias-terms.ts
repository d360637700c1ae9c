import type { Tensor } from '@tensorflow/tfjs';
import { groupSums } from './group-sums';

/** The part of b that comes from one layer's parameters. */
export interface LayerBias {
  layer: string;
  /** One number per output: [C] for one instance, [N·C] row major for a batch. */
  bias: Float32Array;
}

/** b at one output, entry by entry of an activation that a layer shifts. */
export interface LayerBiasTerms {
  layer: string;
  /** In the activation's shape, [...activation] or [N, ...activation]. */
  terms: Tensor;
}

/**
 * Terms summed by groups of their positions in each instance. Disposes them.
 *
 * @param grouping for an activation with the given numbers of channels and entries: how many groups there are, and the group of each entry.
 */
export async function summedTerms(
  terms: readonly LayerBiasTerms[],
  instances: number,
  grouping: (channels: number, size: number) => { groups: number; groupOf: (position: number) => number },
): Promise<LayerBias[]> {
  const parts: LayerBias[] = [];
  for (const { layer, terms: tensor } of terms) {
    const { groups, groupOf } = grouping(tensor.shape.at(-1) ?? 1, tensor.size / instances);
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    parts.push({ layer, bias: groupSums(values, instances, groups, groupOf) });
  }
  return parts;
}

import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import { channelsIn } from './channels-in';
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
  /** Which axis of one activation holds the channels. */
  channelAxis: number;
}

/**
 * Terms summed over all entries of a channel, or over all channels of a position, in each instance. Disposes them.
 * @returns one number per channel or per position, row major, instance by instance.
 */
export async function summedTerms(
  parts: readonly LayerBiasTerms[],
  batch: number | null,
  by: 'channel' | 'position',
): Promise<LayerBias[]> {
  const sums: LayerBias[] = [];
  for (const { layer, terms, channelAxis } of parts) {
    const instance = batch === null ? terms.shape : terms.shape.slice(1);
    const { channels, channelOf, positionOf } = channelsIn(instance, channelAxis);
    const values = (await terms.data()) as Float32Array;
    terms.dispose();
    const bias =
      by === 'channel'
        ? groupSums(values, batch ?? 1, channels, channelOf)
        : groupSums(values, batch ?? 1, sizeOf(instance) / channels, positionOf);
    sums.push({ layer, bias });
  }
  return sums;
}

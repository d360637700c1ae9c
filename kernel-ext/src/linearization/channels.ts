import type { Tensor } from '@tensorflow/tfjs';
import { channelsIn } from '../linear-map/channels-in';
import { instanceShapeOf } from '../linear-map/instance-shape';
import type { SingleInstance } from '../linear-map/single-instance';
import { sizeOf, type Shape } from '../plan/graph';
import { rowsOf } from './instance-numbers';

/** Which channels to compute: those of the activation of `layer`, for output `index` or for its difference to `rival`. */
export interface ChannelsOptions {
  layer: string;
  index: number;
  rival?: number;
  /** How many channels to return in full, those with the largest sums. */
  most: number;
  /** Another input x' in place of x, under the map of x; it stays the caller's. */
  other?: Tensor;
}

/** What the channels of an activation a add to an output: W∘a split by channel. The sums and b make F(x). */
export interface Channels {
  /** Shape of the activation of one instance, its channels last. */
  shape: Shape;
  /** W·a, the sum of all channels. */
  linear: number;
  /** b of the output, or of the difference. */
  bias: number;
  /** The channels in `planes`, the largest sum first. */
  shown: number[];
  /** [channels] */
  sums: Float32Array;
  /** W∘a of each channel in `shown`, [positions]. */
  planes: Float32Array[];
}

/**
 * What the channels of the activation at which the map of an instance starts add to an output, or to the difference of two.
 * @param elsewhere the activation under the map of x at another input; default: that of x
 */
export async function channelsAt(
  { network, channelAxis }: SingleInstance,
  { index, rival, most }: Omit<ChannelsOptions, 'layer' | 'other'>,
  elsewhere?: Float32Array,
): Promise<Channels> {
  const { plan, activation } = network;
  const a = elsewhere ?? ((await activation!.data()) as Float32Array);
  const b = await network.bias.data();
  const [own, other] = await rowsOf(network, 0, rival === undefined ? [index] : [index, rival], {});
  const contributions = own.map((w, i) => (w - (other?.[i] ?? 0)) * a[i]);
  return {
    ...channelsOf(instanceShapeOf(plan.input.shape, 1), channelAxis, contributions, most),
    bias: b[index] - (rival === undefined ? 0 : b[rival]),
  };
}

/**
 * Splits contributions by channel.
 * @param contributions W∘a in the activation's shape, row major.
 * @param axis the axis of the channels.
 */
export function channelsOf(
  shape: Shape,
  axis: number,
  contributions: Float32Array,
  most: number,
): Omit<Channels, 'bias'> {
  const { channels: count, channelOf, positionOf } = channelsIn(shape, axis);
  const sums = new Float64Array(count);
  contributions.forEach((value, i) => (sums[channelOf(i)] += value));
  const shown = [...sums.keys()].sort((i, j) => Math.abs(sums[j]) - Math.abs(sums[i])).slice(0, most);
  const planes = new Map(shown.map(c => [c, new Float32Array(sizeOf(shape) / count)]));
  contributions.forEach((value, i) => planes.get(channelOf(i))?.set([value], positionOf(i)));
  return {
    shape: [...shape.filter((_, i) => i !== axis), ...shape.slice(axis, axis + 1)],
    linear: sums.reduce((total, sum) => total + sum, 0),
    shown,
    sums: Float32Array.from(sums),
    planes: [...planes.values()],
  };
}

import type { Linearization } from '../linearization/linearization';
import { instanceRows, instanceShape, instanceValues } from '../bundles/linearization/linearization-payload';
import type { ChannelsReply } from '../payload/linearization';

/** Which channels are asked for: those of the activation of `layer`, for class `index` or its difference to `rival`. */
export interface ChannelsQuestion {
  layer: string;
  index: number;
  rival?: number;
  /** So many of the channels with the largest sums are given in full. */
  most: number;
}

/** What the channels of an activation add to a logit. */
export interface Channels extends ChannelsReply {
  /** [channels] */
  sums: Float32Array;
  /** W∘a of each channel in `shown`, [positions]. */
  planes: Float32Array[];
}

/**
 * The channels of a layer's activation a at one instance: W∘a split along the last axis, which is that of the channels.
 * Their sums and b make F(x) at the class, or the difference of two.
 * @throws LayerNameError, LayerOrderError, ModelChangedError, DisposedError
 */
export async function channelsOf(
  lin: Linearization,
  instance: number,
  { layer, index, rival, most }: ChannelsQuestion,
): Promise<Channels> {
  const inner = await lin.startingAt(layer);
  try {
    const a = await instanceValues(inner.input, inner, instance);
    const b = await instanceValues(inner.bias, inner, instance);
    const [own, other] = await instanceRows(inner, instance, rival === undefined ? [index] : [index, rival]);
    const shape = instanceShape(inner);
    const count = shape.at(-1) ?? 1;
    const contributions = own.map((w, i) => (w - (other?.[i] ?? 0)) * a[i]);
    const sums = sumsByChannel(contributions, count);
    const shown = [...sums.keys()].sort((i, j) => Math.abs(sums[j]) - Math.abs(sums[i])).slice(0, most);
    return {
      shape,
      linear: sums.reduce((total, sum) => total + sum, 0),
      bias: b[index] - (rival === undefined ? 0 : b[rival]),
      shown,
      sums: Float32Array.from(sums),
      planes: shown.map(c => contributions.filter((_, i) => i % count === c)),
    };
  } finally {
    inner.dispose();
  }
}

/** In float64. */
function sumsByChannel(contributions: Float32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  contributions.forEach((value, i) => (sums[i % count] += value));
  return sums;
}

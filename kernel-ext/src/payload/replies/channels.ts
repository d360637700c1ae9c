import { MalformedPayloadError } from '../errors';
import { asFields, asIndex, asList, asNumber, asNumbers, own } from '../fields';

/**
 * The channels of an activation a, for which F(x) = W·a + b. The float32 buffers contain the sum of W∘a for every channel,
 * then W∘a of each channel in `shown`, one number per position.
 */
export interface ChannelsReply {
  /** Of a: positions by channels, for example [14, 14, 16]. */
  shape: number[];
  /** The sum of all channels, and b; together they are the output that is explained. */
  linear: number;
  bias: number;
  /** The channels with the largest sums, largest first. */
  shown: number[];
}

/** A `ChannelsReply` with its buffers: what each channel of a layer's activation adds. */
export interface Channels extends Omit<ChannelsReply, 'shown'> {
  layer: string;
  /** Σ W∘a of every channel. */
  sums: Float32Array;
  /** The channels with the largest |sums|, largest first, each with W∘a at its positions. */
  shown: { channel: number; values: Float32Array }[];
}

const MOST_AXES = 8;
const MOST_LENGTH = 2 ** 24;

/** @param arrays the sums, then the shown channels. @throws {MalformedPayloadError} */
export function readChannels(
  data: unknown,
  layer: string,
  [sums, ...planes]: readonly Float32Array[],
): Channels {
  const fields = asFields(data, 'reply');
  const shape = asNumbers(own(fields, 'shape'), 1, MOST_AXES, 'shape').map(n =>
    asIndex(n, MOST_LENGTH, 'shape'),
  );
  const channels = shape[shape.length - 1];
  const positions = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const shown = asList(own(fields, 'shown'), 0, channels, 'shown').map(c => asIndex(c, channels, 'shown'));
  if (sums?.length !== channels || planes.length !== shown.length)
    throw new MalformedPayloadError('buffers', 'do not match the channels');
  if (planes.some(plane => plane.length !== positions))
    throw new MalformedPayloadError('buffers', `do not have ${positions} numbers per channel`);
  return {
    layer,
    shape,
    linear: asNumber(own(fields, 'linear'), 'linear'),
    bias: asNumber(own(fields, 'bias'), 'bias'),
    sums,
    shown: shown.map((channel, i) => ({ channel, values: planes[i] })),
  };
}

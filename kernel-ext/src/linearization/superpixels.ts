import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { withInputTensor } from '../input/input-tensor';
import { SuperpixelError } from '../errors';
import type { Description } from '../linear-map/description';

/** The superpixel of each number of one instance, and how many superpixels there are. */
export interface Superpixels {
  count: number;
  of: (position: number) => number;
}

/**
 * Reads a mask of whole numbers 0, 1, … over one instance, or over the positions of an image, where all
 * channels of a position belong to its superpixel.
 * @throws SuperpixelError, InputValueError, RaggedInputError, DtypeError
 */
export async function superpixelsOf(
  mask: Tensor | TensorLike,
  of: Pick<Description, 'instance' | 'channelAxis'>,
): Promise<Superpixels> {
  const reading = { command: 'contributionBySuperpixel', argument: 'mask', integers: true };
  return withInputTensor(mask, reading, read => ofMask(read, of));
}

async function ofMask(
  mask: Tensor,
  { instance, channelAxis }: Pick<Description, 'instance' | 'channelAxis'>,
): Promise<Superpixels> {
  const first = channelAxis === 0 && mask.rank === instance.length - 1;
  const leading = first ? instance.slice(1) : instance.slice(0, mask.rank);
  if (mask.shape.length > instance.length || mask.shape.some((d, i) => d !== leading[i]))
    throw new SuperpixelError(
      `the mask has shape [${mask.shape.join(', ')}], but one input has [${instance.join(', ')}]`,
    );
  const labels = Array.from(await mask.data());
  const wrong = labels.find(label => !Number.isInteger(label) || label < 0);
  if (wrong !== undefined) throw new SuperpixelError(`the mask contains ${wrong}`);
  const count = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const channels = instance.reduce((a, b) => a * b, 1) / labels.length;
  if (first) return { count, of: index => labels[index % labels.length] };
  return { count, of: index => labels[Math.floor(index / channels)] };
}

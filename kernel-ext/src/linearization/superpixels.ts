import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { withInputTensor } from '../capture/input-tensor';
import { SuperpixelError } from '../errors';

/** The superpixel of each number of one instance, and how many superpixels there are. */
export interface Superpixels {
  count: number;
  of: (position: number) => number;
}

/**
 * Reads a mask of whole numbers 0, 1, … over one instance, or over its leading axes (positions of an image), where all
 * channels of a position belong to its superpixel.
 * @throws SuperpixelError, InputValueError, RaggedInputError, DtypeError
 */
export async function superpixelsOf(
  mask: Tensor | TensorLike,
  instance: readonly number[],
): Promise<Superpixels> {
  const reading = { command: 'contributionBySuperpixel', argument: 'mask', integers: true };
  return withInputTensor(mask, reading, read => ofMask(read, instance));
}

async function ofMask(mask: Tensor, instance: readonly number[]): Promise<Superpixels> {
  const leading = instance.slice(0, mask.rank);
  if (mask.shape.length > instance.length || mask.shape.some((d, i) => d !== leading[i]))
    throw new SuperpixelError(
      `the mask has shape [${mask.shape.join(', ')}], but one input has [${instance.join(', ')}]`,
    );
  const labels = Array.from(await mask.data());
  const wrong = labels.find(label => !Number.isInteger(label) || label < 0);
  if (wrong !== undefined) throw new SuperpixelError(`the mask contains ${wrong}`);
  const count = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const channels = instance.reduce((a, b) => a * b, 1) / labels.length;
  return { count, of: position => labels[Math.floor(position / channels)] };
}

import { NotPlottableError } from '../../display/errors';
import type { Image } from '../../payload';

/** The images in an array, and their names if the array determines them. */
export interface Images {
  images: Image[];
  /** Names of channels that stand side by side; null for images as they are. */
  channels: string[] | null;
}

/**
 * @param values row major
 * @param shape [D], [H, W], [H, W, C], [N, H, W, C], or [N, H, W] where H = W and N differs
 * @throws {NotPlottableError} for any other shape, and for an array without a number
 */
export function imagesOf(values: Float32Array, shape: readonly number[]): Images {
  const name = `a tensor [${shape.join(', ')}]`;
  if (values.length === 0) throw new NotPlottableError(`${name} without a number in it`);
  if (shape.length < 1 || shape.length > 4) throw new NotPlottableError(name);
  const [count, height, width, channels] = batchShape(shape);
  const size = height * width * channels;
  const single = Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
  if (channels === 1 || channels === 3)
    return { images: single.map(one => ({ height, width, channels, values: one })), channels: null };
  const images = single.flatMap(one =>
    Array.from({ length: channels }, (_, c): Image => {
      return { height, width, channels: 1, values: one.filter((_, i) => i % channels === c) };
    }),
  );
  const named = images.map(
    (_, i) => (count === 1 ? '' : `${Math.floor(i / channels)}: `) + `channel ${i % channels}`,
  );
  return { images, channels: named };
}

/** As [N, H, W, C]. */
function batchShape(shape: readonly number[]): readonly [number, number, number, number] {
  const [a, b = 1, c = 1, d = 1] = shape;
  if (shape.length === 4) return [a, b, c, d];
  if (shape.length === 1) return [1, 1, a, 1];
  // Images are square more often than not, so [N, 28, 28] is N of them, and [28, 28, N] is one of N channels.
  const isBatch = shape.length === 3 && b === c && a !== b && c !== 1 && c !== 3;
  return isBatch ? [a, b, c, 1] : [1, a, b, c];
}

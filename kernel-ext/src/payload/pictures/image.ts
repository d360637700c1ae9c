import { type ImageShape, imageShape, sumChannels } from './image-shape';

/** Numbers on a grid: what an input, a row of W or a contribution looks like. */
export interface Image extends ImageShape {
  /** 1: one number per pixel; 3: red, green, blue. */
  channels: 1 | 3;
  /** H·W·channels numbers, row major. */
  values: Float32Array;
}

/**
 * Signed values as an image of one channel: contributions of a pixel's channels add up.
 * @returns null if this is not the shape of an image
 */
export function signedImage(values: Float32Array, shape: readonly number[]): Image | null {
  const size = imageShape(shape);
  return size && { ...size, channels: 1, values: sumChannels(values, size.channels) };
}

/**
 * An input as an image: colors stay colors, any other number of channels becomes their mean.
 * @returns null if this is not the shape of an image
 */
export function inputImage(values: Float32Array, shape: readonly number[]): Image | null {
  const size = imageShape(shape);
  if (size?.channels === 3) return { ...size, channels: 3, values };
  const sums = signedImage(values, shape);
  if (!size || !sums || size.channels === 1) return sums;
  return { ...sums, values: sums.values.map(sum => sum / size.channels) };
}

/**
 * The image made to fit a square of `side` pixels: enlarged by a whole factor, so that pixels stay pixels, or
 * shrunk to means over squares of pixels.
 */
export function fitted(image: Image, side: number): Image {
  const scale = scaleIn(image, side);
  return scale < 1 ? shrunk(image, Math.round(1 / scale), 'mean') : enlarged(image, scale);
}

/** By which factor `fitted` enlarges an image: a whole number, or one divided by it. */
export function scaleIn({ height, width }: { height: number; width: number }, side: number): number {
  const longest = Math.max(height, width);
  return longest > side ? 1 / Math.ceil(longest / side) : Math.floor(side / longest);
}

function enlarged({ height, width, channels, values }: Image, factor: number): Image {
  const large = { height: height * factor, width: width * factor, channels };
  const result = new Float32Array(large.height * large.width * channels);
  for (let i = 0; i < result.length; i++) {
    const channel = i % channels;
    const column = Math.floor((Math.floor(i / channels) % large.width) / factor);
    const row = Math.floor(Math.floor(i / channels / large.width) / factor);
    result[i] = values[(row * width + column) * channels + channel];
  }
  return { ...large, values: result };
}

/** What one pixel of a smaller image shows of the pixels that it stands for. */
export type Shrinking = 'mean' | 'sum';

/** An image with one pixel for each square of factor × factor pixels; sums keep the sum of the image. */
export function shrunk<Numbers extends ImageShape & { values: Float32Array }>(
  image: Numbers,
  factor: number,
  how: Shrinking,
): Numbers {
  const { height, width, channels, values } = image;
  const small = { height: Math.ceil(height / factor), width: Math.ceil(width / factor), channels };
  const sums = new Float32Array(small.height * small.width * channels);
  const counts = new Float32Array(sums.length);
  values.forEach((value, i) => {
    const pixel = Math.floor(i / channels);
    const row = Math.floor(Math.floor(pixel / width) / factor);
    const target = (row * small.width + Math.floor((pixel % width) / factor)) * channels + (i % channels);
    sums[target] += value;
    counts[target]++;
  });
  return { ...image, ...small, values: how === 'sum' ? sums : sums.map((sum, i) => sum / counts[i]) };
}

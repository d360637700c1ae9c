/** Numbers on a grid: what an input, a row of W or a contribution looks like. */
export interface Image {
  height: number;
  width: number;
  /** 1: one number a pixel; 3: red, green, blue. */
  channels: 1 | 3;
  /** H·W·channels numbers, row major. */
  values: Float32Array;
}

/** The image in an array of this shape, [H, W] or [H, W, channels]; null for vectors and everything else. */
export function imageShape(
  shape: readonly number[],
): [height: number, width: number, channels: number] | null {
  const [height, width, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || height < 2 || width < 2) return null;
  return [height, width, channels];
}

/**
 * Signed values as an image of one channel: contributions of a pixel's channels add up.
 * @returns null if the shape is no image's
 */
export function signedImage(values: Float32Array, shape: readonly number[]): Image | null {
  return withChannels(values, shape, 1);
}

/**
 * An input as an image: colors stay colors, any other number of channels becomes their mean.
 * @returns null if the shape is no image's
 */
export function inputImage(values: Float32Array, shape: readonly number[]): Image | null {
  const channels = imageShape(shape)?.[2];
  if (channels === 3) return withChannels(values, shape, 3);
  const sums = withChannels(values, shape, 1);
  return sums && { ...sums, values: sums.values.map(sum => sum / (channels ?? 1)) };
}

function withChannels(values: Float32Array, shape: readonly number[], kept: 1 | 3): Image | null {
  const size = imageShape(shape);
  if (!size) return null;
  const [height, width, channels] = size;
  if (channels === kept) return { height, width, channels: kept, values };
  const sums = new Float32Array(height * width);
  values.forEach((value, i) => (sums[Math.floor(i / channels)] += value));
  return { height, width, channels: 1, values: sums };
}

/**
 * The image made to fit a square of `side` pixels: enlarged by a whole factor, so that pixels stay pixels, or
 * shrunk to means over squares of them.
 */
export function fitted(image: Image, side: number): Image {
  const longest = Math.max(image.height, image.width);
  return longest > side
    ? shrunk(image, Math.ceil(longest / side))
    : enlarged(image, Math.floor(side / longest));
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

function shrunk({ height, width, channels, values }: Image, factor: number): Image {
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
  return { ...small, values: sums.map((sum, i) => sum / counts[i]) };
}

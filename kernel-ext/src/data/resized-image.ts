/** An image as numbers [H, W, C], row major. */
export interface ImageValues {
  values: Float32Array;
  shape: readonly [height: number, width: number, channels: number];
}

/** What one new pixel takes from old ones along an axis: from `first` on, with these weights, which sum to 1. */
interface Taps {
  first: number;
  weights: number[];
}

/**
 * An image at another size. Its proportions are kept: the largest part of the image that has the proportions of the new size
 * is cut from the center, and resized by a triangle filter that widens as the image shrinks. This is what Pillow's
 * `resize(…, BILINEAR, box)` does, and torchvision's `resize` with antialias on.
 * @param size [height, width]
 */
export function resizedImage(image: ImageValues, [height, width]: readonly [number, number]): ImageValues {
  const { values, shape } = image;
  const [high, wide, channels] = shape;
  if (height === high && width === wide) return image;
  const scale = Math.min(high / height, wide / width);
  // The image as [H, W·C], then its transpose as [W, H·C]: both axes are the first one in turn.
  const lower = filtered(values, wide * channels, tapsOf(high, height, scale));
  const turned = transposed(lower, height, wide, channels);
  const narrower = filtered(turned, height * channels, tapsOf(wide, width, scale));
  return { values: transposed(narrower, width, height, channels), shape: [height, width, channels] };
}

/**
 * The taps of each of `to` new pixels among `from` old ones.
 * @param scale how many old pixels make one new pixel
 */
function tapsOf(from: number, to: number, scale: number): Taps[] {
  const reach = Math.max(1, scale);
  const start = (from - to * scale) / 2;
  return Array.from({ length: to }, (_, i) => {
    const center = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const end = Math.min(from, Math.floor(center + reach + 0.5));
    const weights = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map(weight => weight / sum) };
  });
}

/** The rows of a matrix with rows of `length` numbers, mixed by `taps`. */
function filtered(values: Float32Array, length: number, taps: readonly Taps[]): Float32Array {
  const mixed = new Float32Array(taps.length * length);
  const sums = new Float64Array(length);
  taps.forEach(({ first, weights }, i) => {
    sums.fill(0);
    weights.forEach((weight, k) => {
      const at = (first + k) * length;
      for (let j = 0; j < length; j++) sums[j] += weight * values[at + j];
    });
    mixed.set(sums, i * length);
  });
  return mixed;
}

/** [rows, columns, channels] as [columns, rows, channels]. */
function transposed(values: Float32Array, rows: number, columns: number, channels: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0, from = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let c = 0, to = (column * rows + row) * channels; c < channels; c++) turned[to++] = values[from++];
  return turned;
}

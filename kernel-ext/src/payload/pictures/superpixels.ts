import { scaleIn, shrunk } from './image';
import type { ImageShape } from './image-shape';
import { isLargeImage } from './signed-scale';

/** How the contributions of pixels are summed: not at all, over squares with this many pixels per side, or over superpixels. */
export type Pooling = 'pixels' | '2' | '4' | '8' | 'superpixels';

/** A partition of an image's pixels. */
export interface Superpixels {
  /** [H·W]: the index of the superpixel of each pixel. */
  of: Uint32Array;
  count: number;
}

/** Superpixels grow from seeds about this far apart, and there are about this many at most. */
const SEED_DISTANCE = 4;
const MOST_SUPERPIXELS = 400;

/** After this many rounds the centers hardly move any longer (Achanta et al. 2012, section 3). */
const ROUNDS = 8;

/** How much a distance in space counts against the range of values. */
const COMPACTNESS = 0.25;

/** Superpixels of larger images are grown on an image of at most this side, so that they take no longer. */
const LONGEST_SIDE = 128;

/** How contributions are summed unless somebody chooses another way: by superpixel if the image is large. */
export const poolingOf = (shape: ImageShape): Pooling => (isLargeImage(shape) ? 'superpixels' : 'pixels');

/** The partition of an input's pixels; null: each pixel stands for itself. */
export function superpixels(x: Float32Array, shape: ImageShape, pooling: Pooling): Superpixels | null {
  if (pooling === 'pixels') return null;
  if (pooling !== 'superpixels') return squares(shape, Number(pooling));
  const factor = Math.round(1 / Math.min(1, scaleIn(shape, LONGEST_SIDE)));
  if (factor === 1) return grown(x, shape);
  const small = shrunk({ ...shape, values: x }, factor, 'mean');
  return enlarged(grown(small.values, small), small.width, shape, factor);
}

/** [H·W]: for each pixel the sum over its superpixel. */
export function pooled(plane: Float32Array, { of, count }: Superpixels): Float32Array {
  const sums = new Float64Array(count);
  plane.forEach((value, i) => (sums[of[i]] += value));
  return plane.map((_, i) => sums[of[i]]);
}

/** The positions of the superpixel to which a position belongs. */
export function partAt({ of }: Superpixels, at: number): number[] {
  const found: number[] = [];
  of.forEach((part, i) => part === of[at] && found.push(i));
  return found;
}

/** Each pixel belongs to the superpixel of the pixel that stands for it in the smaller image. */
function enlarged(
  { of, count }: Superpixels,
  smallWidth: number,
  { height, width }: ImageShape,
  factor: number,
): Superpixels {
  const large = Uint32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return of[Math.floor(row / factor) * smallWidth + Math.floor(column / factor)];
  });
  return { of: large, count };
}

function squares({ height, width }: ImageShape, side: number): Superpixels {
  const across = Math.ceil(width / side);
  const of = Uint32Array.from(
    { length: height * width },
    (_, i) => Math.floor(i / width / side) * across + Math.floor((i % width) / side),
  );
  return { of, count: across * Math.ceil(height / side) };
}

/** A center: row, column, then the value of each channel. */
type Center = Float64Array;

/** SLIC: k-means over position and value, in which each center only looks around itself (Achanta et al. 2012, doi 10.1109/TPAMI.2012.120). */
function grown(x: Float32Array, shape: ImageShape): Superpixels {
  const { height, width, channels } = shape;
  const step = Math.max(SEED_DISTANCE, Math.sqrt((height * width) / MOST_SUPERPIXELS));
  const range =
    x.reduce((most, v) => Math.max(most, v), -Infinity) -
    x.reduce((least, v) => Math.min(least, v), Infinity);
  const spatial = ((COMPACTNESS * (range || 1)) / step) ** 2;
  const centers = seeds(x, shape, step);
  const of = new Uint32Array(height * width);
  for (let round = 0; round < ROUNDS; round++) {
    const nearest = new Float64Array(height * width).fill(Infinity);
    centers.forEach((center, k) =>
      around(center, step, shape, at => {
        let distance =
          spatial * ((Math.floor(at / width) - center[0]) ** 2 + ((at % width) - center[1]) ** 2);
        for (let c = 0; c < channels; c++) distance += (x[at * channels + c] - center[2 + c]) ** 2;
        if (distance >= nearest[at]) return;
        nearest[at] = distance;
        of[at] = k;
      }),
    );
    recenter(centers, of, x, shape);
  }
  return { of, count: centers.length };
}

function seeds(x: Float32Array, { height, width, channels }: ImageShape, step: number): Center[] {
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
  return Array.from({ length: rows * columns }, (_, k) => {
    const row = Math.min(height - 1, Math.floor((Math.floor(k / columns) + 0.5) * (height / rows)));
    const column = Math.min(width - 1, Math.floor(((k % columns) + 0.5) * (width / columns)));
    const from = (row * width + column) * channels;
    return Float64Array.of(row, column, ...x.subarray(from, from + channels));
  });
}

/** Visits every pixel within two seed distances of a center, so that the whole image stays covered wherever centers move. */
function around(
  center: Center,
  step: number,
  { height, width }: ImageShape,
  visit: (at: number) => void,
): void {
  const reach = Math.ceil(2 * step);
  const [row, column] = [Math.round(center[0]), Math.round(center[1])];
  for (let r = Math.max(0, row - reach); r <= Math.min(height - 1, row + reach); r++) {
    for (let c = Math.max(0, column - reach); c <= Math.min(width - 1, column + reach); c++)
      visit(r * width + c);
  }
}

/** Moves each center to the mean of its pixels; a center without pixels stays. */
function recenter(
  centers: Center[],
  of: Uint32Array,
  x: Float32Array,
  { width, channels }: ImageShape,
): void {
  const sums = centers.map(center => new Float64Array(center.length));
  const counts = new Uint32Array(centers.length);
  of.forEach((k, at) => {
    counts[k]++;
    sums[k][0] += Math.floor(at / width);
    sums[k][1] += at % width;
    for (let c = 0; c < channels; c++) sums[k][2 + c] += x[at * channels + c];
  });
  sums.forEach((sum, k) => counts[k] > 0 && centers[k].set(sum.map(v => v / counts[k])));
}

import { inputRange, paintInput, paintSigned, type Picture, signedRange } from './colors';
import { ImageSideError, LabelCountError, NotPlottableError } from './errors';
import { fitted, type Image } from './image';
import { bound, decimalsFor, signed } from './numbers';
import { card, escaped, img } from './page-parts';
import { framed, grid, toPng } from './png';
import type { Bundle } from './sink';

/** Sides in pixels of a single image and of one in a grid; a grid shows this many at most, in rows of ten. */
const SINGLE_SIDE = 224;
const GRID_SIDE = 64;
const MOST_IMAGES = 100;
const COLUMNS = 10;
const GAP = 8;
const HTML_BUDGET = 50 * 1024;

/** How images are shown. */
export interface ImageView {
  /** One an image, below it. */
  labels?: readonly string[];
  /** The longest side of each image in pixels, at most. Default: 224 for one image, 64 in a grid. */
  side?: number;
}

/**
 * Images as a MIME bundle: PNG and text, and with labels a script-free page that has each below its image.
 *
 * @param shape [D], [H, W], [H, W, 1 | 3] or [N, H, W, 1 | 3]
 * @throws {NotPlottableError} for any other shape or for NaN; {LabelCountError} if labels are missing or left over;
 *   {ImageSideError} for a side that is no whole number from 1 on.
 */
export function imageBundle(
  values: Float32Array,
  shape: readonly number[],
  { labels, side }: ImageView = {},
): Bundle {
  if (!values.every(Number.isFinite))
    throw new NotPlottableError(`a tensor [${shape.join(', ')}] with NaN or Inf in it`);
  const images = imagesOf(Float32Array.from(values), shape);
  if (labels && labels.length !== images.length) throw new LabelCountError(labels.length, images.length);
  if (side !== undefined && !(Number.isInteger(side) && side > 0)) throw new ImageSideError(side);
  const isSigned = values.some(value => value < 0);
  const range = isSigned ? signedRange(values) : inputRange(values);
  const longest = side ?? (images.length === 1 ? SINGLE_SIDE : GRID_SIDE);
  const pictures = images
    .slice(0, MOST_IMAGES)
    .map(image => framed((isSigned ? paintSigned : paintInput)(fitted(image, longest), range)));
  const scale = isSigned
    ? `${signed(range.low, decimalsFor(range.low))} … ${signed(range.high, decimalsFor(range.high))}`
    : `${bound(range.low)} … ${bound(range.high)}`;
  const html = labels && labeledPage(pictures, labels);
  return {
    ...(html && Buffer.byteLength(html) <= HTML_BUDGET && { 'text/html': html }),
    'image/png': toPng(grid(pictures, Math.min(COLUMNS, pictures.length), GAP)).toString('base64'),
    'text/plain': summary(images, pictures.length, scale, labels),
  };
}

function imagesOf(values: Float32Array, shape: readonly number[]): Image[] {
  if (values.length === 0)
    throw new NotPlottableError(`a tensor [${shape.join(', ')}] without a number in it`);
  if (shape.length === 4) {
    const size = values.length / shape[0];
    return Array.from({ length: shape[0] }, (_, i) => values.subarray(i * size, (i + 1) * size)).flatMap(
      one => imagesOf(one, shape.slice(1)),
    );
  }
  const [height, width, channels = 1] = shape.length === 1 ? [1, shape[0]] : shape;
  const fits = shape.length >= 1 && shape.length <= 3 && (channels === 1 || channels === 3);
  if (!fits) throw new NotPlottableError(`a tensor [${shape.join(', ')}]`);
  return [{ height, width, channels, values }];
}

function labeledPage(pictures: readonly Picture[], labels: readonly string[]): string {
  const style = 'display: inline-block; text-align: center; margin: 0 8px 6px 0';
  const figures = pictures.map((picture, i) => {
    const label = escaped(labels[i]);
    return `<div style="${style}">${img(picture, labels[i])}<div style="color: #111111">${label}</div></div>`;
  });
  return card(figures.join('\n'));
}

function summary(images: readonly Image[], shown: number, scale: string, labels?: readonly string[]): string {
  const [{ height, width, channels }] = images;
  const size = `${height} × ${width}${channels === 3 ? ', in color' : ''}`;
  const what = images.length === 1 ? `image ${size}` : `${images.length} images ${size}`;
  const cut = shown < images.length ? `, the first ${shown} shown` : '';
  return [`${what}, ${scale}${cut}`, ...(labels ? [labels.slice(0, shown).join(' ')] : [])].join('\n');
}

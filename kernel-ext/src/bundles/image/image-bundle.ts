import {
  beyondText,
  bound,
  decimalsFor,
  fitted,
  type Image,
  inputRange,
  type Range,
  signed,
  type ScaleEnd,
  scaleEndOf,
  signedImage,
  signedScale,
} from '../../payload';
import { ImageSideError, NotPlottableError } from '../../display/errors';
import { NameCountError } from '../../errors';
import type { ImageGrid } from './image-grid';
import { asStored, imageSvg } from './image-svg';
import { type Layout, withChannelsLast } from './layout';
import { imagesOf } from './images-of';
import { card, enlargedImg, escaped, img } from '../../page/page-parts';
import { QUIET_STYLE } from '../../page/theme-colors';
import { inputPicture, type Picture, signedPicture } from '../../page/picture';
import { framed, grid, toPng } from '../../page/png';
import type { Bundle } from '../../sink/sink';

/** Sides in pixels of a single image and of an image in a grid. A grid shows at most this many images, in rows of ten. */
const SINGLE_SIDE = 224;
const GRID_SIDE = 64;
const MOST_IMAGES = 100;
const COLUMNS = 10;
const GAP = 8;
/** The largest page of images that are stored as they are shown, and of images that the page enlarges. */
const HTML_BUDGET = 96 * 1024;
const ENLARGED_BUDGET = 512 * 1024;

/** How images are shown. */
export interface ImageView {
  /** One label per image, shown below it. Default: numbers for channels side by side. For a vector: names of its entries. */
  labels?: readonly string[];
  /** The greatest length in pixels of an image's longest side. Default: 224 for one image, 64 in a grid. */
  side?: number;
  /** 'NCHW': images have their channels first, [C, H, W] or [N, C, H, W]. Default: 'NHWC', channels last. */
  layout?: Layout;
  /** Number of images per row of a grid. Default: 10. */
  columns?: number;
  /**
   * Where the scale of signed values ends: at the 99.5th percentile of their magnitudes ('robust') or at the largest one
   * ('full'). The caption states how many pixels lie beyond it. Default: 'robust' for images with more than 64 × 64 pixels, else 'full'.
   */
  scaleEnd?: ScaleEnd;
  title?: string;
  /** One sentence below the title. Default: how many images, their size, and what their colors stand for. */
  caption?: string;
}

/**
 * Images as a MIME bundle: a script-free page with labels and caption, SVG, PNG, and text.
 *
 * @param shape [D], [H, W], [H, W, C] or [N, H, W, C], with the layout 'NCHW' [C, H, W] or [N, C, H, W]; other than one or three channels stand side by side. [N, H, W] are
 *   images where H = W and N differs.
 * @throws {NotPlottableError} for any other shape or for NaN; {NameCountError} if labels are missing or left over;
 *   {ImageSideError} if the side is not a whole number of at least 1.
 */
export function imageBundle(values: Float32Array, shape: readonly number[], view: ImageView = {}): Bundle {
  if (!values.every(Number.isFinite))
    throw new NotPlottableError(`a tensor [${shape.join(', ')}] with NaN or Inf in it`);
  const last = withChannelsLast(values, shape, view.layout ?? 'NHWC');
  const shown = gridOf(last.values, last.shape, view);
  const pictures = shown.images.map(image => framed(shown.paint(fitted(image, shown.side))));
  const html = fittingHtml(pictures, shown);
  return {
    ...(html !== null && { 'text/html': html }),
    'image/svg+xml': imageSvg(shown),
    'image/png': toPng(grid(pictures, shown.columns, GAP)).toString('base64'),
    'text/plain': [shown.title, shown.caption, shown.labels?.join(' ')].filter(Boolean).join('\n'),
  };
}

function gridOf(values: Float32Array, shape: readonly number[], view: ImageView): ImageGrid {
  const { images, channels } = imagesOf(values, shape);
  const { side, title = null } = view;
  if (side !== undefined && !(Number.isInteger(side) && side > 0)) throw new ImageSideError(side);
  const labels = view.labels ?? channels;
  if (labels && labels.length !== images.length)
    throw new NameCountError('plot', 'labels', labels.length, 'images', images.length);
  const isSigned = values.some(value => value < 0);
  const shown = images.slice(0, MOST_IMAGES).map(image => (isSigned ? summed(image) : image));
  const { range, note } = isSigned ? scaleOf(shown, view.scaleEnd) : { range: inputRange(values), note: '' };
  return {
    title,
    caption: (view.caption ?? captionOf(images.length, shown, range, isSigned)) + note,
    images: shown,
    labels: labels?.slice(0, MOST_IMAGES) ?? null,
    columns: Math.min(view.columns ?? COLUMNS, shown.length),
    side: side ?? (images.length === 1 ? SINGLE_SIDE : GRID_SIDE),
    paint: image => (isSigned ? signedPicture : inputPicture)(image, range),
  };
}

/** One scale for all images, and what it leaves out. */
function scaleOf(images: readonly Image[], end = scaleEndOf(images[0])): { range: Range; note: string } {
  const values = new Float32Array(images.length * images[0].values.length);
  images.forEach((image, i) => values.set(image.values, i * image.values.length));
  const { limit, beyond } = signedScale(values, end);
  return { range: { low: -limit, high: limit }, note: beyond > 0 ? ` · ${beyondText(beyond)}` : '' };
}

/** Signed colors stand for one number: the sum of a pixel's channels. */
const summed = (image: Image): Image =>
  signedImage(image.values, [image.height, image.width, image.channels]) ?? image;

/** The page, with each image stored at its own size if it would be too large otherwise; null if it is too large even so. */
function fittingHtml(pictures: readonly Picture[], shown: ImageGrid): string | null {
  const asShown = page(pictures, shown, (i, alt) => img(pictures[i], alt));
  if (Buffer.byteLength(asShown) <= HTML_BUDGET) return asShown;
  const enlarged = page(pictures, shown, (i, alt) =>
    enlargedImg(shown.paint(asStored(shown.images[i], shown.side)), alt, pictures[i]),
  );
  return Buffer.byteLength(enlarged) <= ENLARGED_BUDGET ? enlarged : null;
}

function page(
  sizes: readonly { width: number }[],
  { title, caption, labels }: ImageGrid,
  image: (i: number, alt: string) => string,
): string {
  const style = 'display: inline-block; vertical-align: top; text-align: center; margin: 0 8px 6px 0';
  const figures = sizes.map(({ width }, i) => {
    const label = labels?.[i] ?? '';
    const alt = label || (sizes.length === 1 ? (title ?? 'image') : `image ${i}`);
    const below = label && `<div style="max-width: ${width}px">${escaped(label)}</div>`;
    return `<div style="${style}">${image(i, alt)}${below}</div>`;
  });
  const head = title === null ? '' : `<div style="font-size: 15px"><b>${escaped(title)}</b></div>`;
  const note = `<div style="${QUIET_STYLE}; font-size: 12px; margin: 0 0 8px 0">${escaped(caption)}</div>`;
  return card(`${head}${note}\n${figures.join('\n')}`);
}

function captionOf(count: number, shown: readonly Image[], range: Range, isSigned: boolean): string {
  const [{ height, width, channels }] = shown;
  const size = `${height} × ${width}${channels === 3 ? ', in color' : ''}`;
  const what = count === 1 ? `image ${size}` : `${count} images ${size}`;
  const cut = shown.length < count ? `, the first ${shown.length} shown` : '';
  return `${what}, ${scaleText(range, isSigned, channels)}${cut}`;
}

/** What the ends of the scale look like. */
function scaleText({ low, high }: Range, isSigned: boolean, channels: number): string {
  if (isSigned) {
    const decimals = decimalsFor(high);
    return `${signed(low, decimals)} blue … 0 white … ${signed(high, decimals)} orange`;
  }
  return channels === 3 ? `${bound(low)} … ${bound(high)}` : `${bound(low)} white … ${bound(high)} black`;
}

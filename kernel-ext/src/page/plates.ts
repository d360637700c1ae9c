import {
  beyondText,
  bound,
  decimalsFor,
  fitted,
  type Image,
  inputRange,
  type Range,
  scaleEndOf,
  scaleIn,
  signed,
  signedScale,
  shrunk,
  type Shrinking,
} from '../payload';
import { clearImg, escaped, img, type Sides } from './page-parts';
import { inputPicture, overlayPicture, type Picture, signedPicture } from './picture';
import { framed } from './png';
import { signColored, table, td } from './html-table';
import { INK_STYLE, QUIET_STYLE } from './theme-colors';

/** One of several images that stand side by side. */
export interface Plate {
  /** As in the formula: x, W₇, W₇∘x. */
  symbol: string;
  caption: string;
  range: Range;
  /** Whether the values are signed; the range then shows its signs. */
  signed: boolean;
  picture: Picture;
  /** Whether zero is drawn too, so that the page does not show through; default: false. */
  isOpaque?: boolean;
  /** What a pixel stands for, and what the scale leaves out; empty if neither needs words. */
  notes: readonly string[];
}

/** An input, sized to fit a square of `side` pixels. */
export function inputPlate(symbol: string, caption: string, image: Image, side: number): Plate {
  const range = inputRange(image.values);
  const picture = framed(inputPicture(fitted(image, side), range));
  return { symbol, caption, range, signed: false, picture, notes: [] };
}

/**
 * Signed values, sized to fit a square of `side` pixels. The scale of a large image is robust.
 * @param how what a pixel of a smaller image shows of the pixels that it stands for
 */
export function signedPlate(
  symbol: string,
  caption: string,
  whole: Image,
  side: number,
  how: Shrinking = 'mean',
): Plate {
  const factor = shrinkingOf(whole, side);
  const image = factor > 1 ? shrunk(whole, factor, how) : fitted(whole, side);
  const { limit, beyond } = signedScale(image.values, scaleEndOf(whole));
  const range = { low: -limit, high: limit };
  const notes = [
    factor > 1 ? `${how}s of ${factor} × ${factor} pixels` : '',
    beyondText(beyond, wordFor(factor)),
  ].filter(Boolean);
  return { symbol, caption, range, signed: true, picture: framed(signedPicture(image, range)), notes };
}

/**
 * Sums over superpixels over the gray of the input, both of one size, sized to fit a square of `side` pixels.
 * @param values [H·W]: for each pixel the sum over its superpixel
 */
export function overlayPlate(
  symbol: string,
  caption: string,
  values: Image,
  input: Image,
  side: number,
): Plate {
  const { limit, beyond } = signedScale(values.values, scaleEndOf(values));
  const range = { low: -limit, high: limit };
  const notes = ['sums of superpixels', beyondText(beyond)].filter(Boolean);
  const behind = inputPicture(fitted(input, side), inputRange(input.values));
  const picture = framed(overlayPicture(fitted(values, side), range, behind));
  return { symbol, caption, range, signed: true, isOpaque: true, picture, notes };
}

/** How many pixels per side one pixel of the smaller image stands for; 1: the image is not shrunk. */
const shrinkingOf = (image: Image, side: number): number => Math.round(1 / Math.min(1, scaleIn(image, side)));

const wordFor = (factor: number): string => (factor > 1 ? 'squares' : 'pixels');

/**
 * Plates side by side, each with its symbol and caption above and its range below.
 * @param side the longest side of each on the page, in pixels; default: as many as the picture has
 */
export function plateTable(shown: readonly Plate[], side?: number): string {
  const head = shown.map(
    ({ symbol, caption }) => `<b style="${INK_STYLE}">${escaped(symbol)}</b> &ensp;${escaped(caption)}`,
  );
  const images = shown.map(({ picture, symbol, caption, ...plate }) =>
    td(
      (plate.signed && !plate.isOpaque ? clearImg : img)(
        picture,
        `${symbol}, ${caption}`,
        side === undefined ? picture : resized(picture, side),
      ),
    ),
  );
  return table(head, [images, shown.map(rangeCell)], head.length);
}

function resized({ height, width }: Picture, side: number): Sides {
  const scale = side / Math.max(height, width);
  return { height: Math.round(height * scale), width: Math.round(width * scale) };
}

function rangeCell({ range: { low, high }, signed: isSigned, notes }: Plate): string {
  if (!isSigned) return td(`${bound(low)} … ${bound(high)}`, `text-align: center; ${QUIET_STYLE}`);
  const decimals = decimalsFor(Math.max(Math.abs(low), Math.abs(high)));
  const ends = [signColored(signed(low, decimals), -1), signColored(signed(high, decimals), 1)];
  const below = notes.map(note => `<br><span style="${QUIET_STYLE}">${note}</span>`);
  return td(ends.join(' … ') + below.join(''), 'text-align: center');
}

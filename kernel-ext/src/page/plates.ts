import {
  bound,
  decimalsFor,
  fitted,
  type Image,
  inputRange,
  type Range,
  signed,
  signedRange,
} from '../payload';
import { clearImg, escaped, img } from './page-parts';
import { inputPicture, type Picture, signedPicture } from './picture';
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
}

/** An input, sized to fit a square of `side` pixels. */
export function inputPlate(symbol: string, caption: string, image: Image, side: number): Plate {
  const range = inputRange(image.values);
  const picture = framed(inputPicture(fitted(image, side), range));
  return { symbol, caption, range, signed: false, picture };
}

/** Signed values, sized to fit a square of `side` pixels. */
export function signedPlate(symbol: string, caption: string, whole: Image, side: number): Plate {
  const image = fitted(whole, side);
  const range = signedRange(image.values);
  return { symbol, caption, range, signed: true, picture: framed(signedPicture(image, range)) };
}

/** Plates side by side, each with its symbol and caption above and its range below. */
export function plateTable(shown: readonly Plate[]): string {
  const head = shown.map(
    ({ symbol, caption }) => `<b style="${INK_STYLE}">${escaped(symbol)}</b> &ensp;${escaped(caption)}`,
  );
  const images = shown.map(plate =>
    td((plate.signed ? clearImg : img)(plate.picture, `${plate.symbol}, ${plate.caption}`)),
  );
  return table(head, [images, shown.map(rangeCell)], head.length);
}

function rangeCell({ range: { low, high }, signed: isSigned }: Plate): string {
  if (!isSigned) return td(`${bound(low)} … ${bound(high)}`, `text-align: center; ${QUIET_STYLE}`);
  const decimals = decimalsFor(Math.max(Math.abs(low), Math.abs(high)));
  const ends = [signColored(signed(low, decimals), -1), signColored(signed(high, decimals), 1)];
  return td(ends.join(' … '), 'text-align: center');
}

import type { Picture } from './picture';
import { toClearPng, toPng } from './png';
import { INK_STYLE, PAGE_STYLE } from './theme-colors';

/** Escapes text for use in HTML. */
export function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, character => entities[character]);
}

/**
 * A card in the colors of JupyterLab's theme; where there is none, or where its sanitizer removes what it does not know, the
 * card is white.
 */
export function card(content: string): string {
  const style =
    `display: inline-block; max-width: 100%; ${PAGE_STYLE}; ${INK_STYLE}; padding: 10px 14px; ` +
    'font-family: sans-serif; font-size: 13px; line-height: 1.4';
  return `<div style="${style}">${content}</div>`;
}

/** One part of a card. Parts stand side by side while there is room. */
export const block = (content: string): string =>
  `<div style="display: inline-block; vertical-align: top; margin: 0 18px 6px 0">${content}</div>`;

/** An image inside the page. @param sides in pixels of the page; default: its own */
export const img = (picture: Picture, alt: string, sides: Sides = picture): string =>
  imgTag(toPng(picture), alt, sides, STYLE);

/** As `img`, with the page in place of white; for pictures in colors alone, see `toClearPng`. */
export const clearImg = (picture: Picture, alt: string, sides: Sides = picture): string =>
  imgTag(toClearPng(picture), alt, sides, STYLE);

/** A framed image that the page itself enlarges to these sides in pixels, to squares where styles are trusted. */
export const enlargedImg = (picture: Picture, alt: string, sides: Sides): string =>
  imgTag(toPng(picture), alt, sides, `${STYLE}; border: 1px solid #d9d9d9; image-rendering: pixelated`);

const STYLE = 'display: block; margin: 0; max-width: none';

export type Sides = Pick<Picture, 'width' | 'height'>;

function imgTag(png: Buffer, alt: string, { width, height }: Sides, style: string): string {
  const source = `data:image/png;base64,${png.toString('base64')}`;
  return `<img alt="${escaped(alt)}" width="${width}" height="${height}" style="${style}" src="${source}">`;
}

/** The first of these pages that fits into `budget` bytes, else the last one. */
export function fittingPage(pages: readonly (() => string)[], budget: number): string {
  let page = '';
  for (const make of pages) {
    page = make();
    if (Buffer.byteLength(page) <= budget) break;
  }
  return page;
}

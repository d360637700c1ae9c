import type { Color } from '../payload';
import type { Picture } from './picture';
import { toPng } from './png';

/** A color in CSS notation. */
export const css = ([r, g, b]: Color): string =>
  `#${[r, g, b].map(part => part.toString(16).padStart(2, '0')).join('')}`;

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
 * A color that JupyterLab's theme replaces. Its sanitizer removes the second declaration from pages that nobody has trusted,
 * and other pages have no such variable: then the first color counts, for background and text alike.
 */
export const themed = (property: 'background-color' | 'color', color: string, variable: string): string =>
  `${property}: ${color}; ${property}: var(${variable}, ${color})`;

const WHITE = 'background-color: #ffffff; color: #111111';
const THEMED = [
  themed('background-color', '#ffffff', '--jp-layout-color0'),
  themed('color', '#111111', '--jp-content-font-color1'),
].join('; ');

/** A white card that is legible on a page of any theme, with styles that survive JupyterLab's sanitizer. */
export const card = (content: string): string => sheet(content, WHITE);

/** A card in the colors of the page, for contents that are legible on any of them; where there are none, it is white. */
export const themedCard = (content: string): string => sheet(content, THEMED);

function sheet(content: string, colors: string): string {
  const style =
    `display: inline-block; max-width: 100%; ${colors}; padding: 10px 14px; ` +
    'font-family: sans-serif; font-size: 13px; line-height: 1.4';
  return `<div style="${style}">${content}</div>`;
}

/** One part of a card. Parts stand side by side while there is room. */
export const block = (content: string): string =>
  `<div style="display: inline-block; vertical-align: top; margin: 0 18px 6px 0">${content}</div>`;

/** An image inside the page, at its own size. */
export function img(picture: Picture, alt: string): string {
  const source = `data:image/png;base64,${toPng(picture).toString('base64')}`;
  return (
    `<img alt="${escaped(alt)}" width="${picture.width}" height="${picture.height}" ` +
    `style="display: block; margin: 0; max-width: none" src="${source}">`
  );
}

/** The first of these pages that fits into `budget` bytes, else the last one. */
export function fittingPage(pages: readonly (() => string)[], budget: number): string {
  const fitting = pages.slice(0, -1).find(make => Buffer.byteLength(make()) <= budget);
  return (fitting ?? pages[pages.length - 1])();
}

import { escaped } from '../page/page-parts';

export const INK = '#111111';
export const QUIET = '#666666';
/** About how wide a character of 12 pixels is. */
export const CHARACTER = 6.6;

/** How a text stands; dark, 12 pixels, from its start, if nothing is said. */
export interface TextStyle {
  anchor?: 'start' | 'middle' | 'end';
  fill?: string;
  size?: number;
  weight?: 'bold';
}

/** A text whose baseline starts (or has its middle, or its end) at a place. */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { anchor, fill = INK, size, weight } = style;
  const more = [
    anchor && anchor !== 'start' ? ` text-anchor="${anchor}"` : '',
    size ? ` font-size="${size}"` : '',
    weight ? ` font-weight="${weight}"` : '',
  ].join('');
  return `<text x="${px(x)}" y="${px(y)}" fill="${fill}"${more}>${escaped(text)}</text>`;
}

/** A straight line. */
export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string =>
  `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${stroke}" stroke-width="${width}" fill="none"/>`;

/** A text cut to about so many pixels. */
export function clipped(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / CHARACTER));
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** A place in pixels, to a tenth. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

import { escaped } from './page-parts';

export const INK = '#111111';
export const QUIET = '#666666';
/** Approximate width of a character of 12-pixel text. The reader's fonts are unknown, so text cannot be measured. */
export const CHARACTER = 6.6;

/**
 * An SVG picture on white, since nobody knows the theme of the page that will show it. It has no scripts, style sheets
 * or ids, so it survives sanitizers and can share a page with others.
 * @param alternative text for readers who cannot see it
 */
export function svgPicture(
  { width, height, alternative }: { width: number; height: number; alternative: string },
  content: readonly string[],
): string {
  const [wide, high] = [px(width), px(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" ` +
      `role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(alternative)}</title>`,
    `<rect width="${wide}" height="${high}" fill="#ffffff"/>`,
    ...content,
    '</svg>',
  ].join('\n');
}

/** How text looks. Default: dark, 12 pixels, starting at its position. */
export interface TextStyle {
  anchor?: 'start' | 'middle' | 'end';
  fill?: string;
  size?: number;
  weight?: 'bold';
}

/** Text whose baseline starts, is centered, or ends (`anchor`) at (x, y). */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { anchor, fill = INK, size, weight } = style;
  const more = [
    anchor && anchor !== 'start' ? ` text-anchor="${anchor}"` : '',
    size ? ` font-size="${size}"` : '',
    weight ? ` font-weight="${weight}"` : '',
  ].join('');
  return `<text x="${px(x)}" y="${px(y)}" fill="${fill}"${more}>${escaped(text)}</text>`;
}

/** A straight line. @param dash lengths of dashes and gaps, such as '5 4'; default: solid */
export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width = 1,
  dash?: string,
): string {
  const dashes = dash ? ` stroke-dasharray="${dash}"` : '';
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${stroke}" stroke-width="${width}" fill="none"${dashes}/>`;
}

/** Text cut to about `width` pixels. */
export function clipped(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / CHARACTER));
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** A coordinate in pixels, rounded to a tenth. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

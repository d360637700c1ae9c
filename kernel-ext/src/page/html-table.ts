import { COLORS } from '../payload';
import { css } from './page-parts';

/** Every cell sets its own colors: pages color tables by their theme, but the card is always white. */
const CELL = 'background-color: #ffffff; color: #111111; border: 0; padding: 2px 8px; text-align: right';

/** The color of secondary text. */
export const QUIET = '#666666';

/** A table. The headings of the first `left` columns are left-aligned. */
export function table(head: readonly string[], rows: readonly string[][], left = 1): string {
  const align = (column: number): string => (column < left ? 'text-align: left; ' : '');
  const th = head
    .map((cell, i) => `<th style="${CELL}; ${align(i)}font-weight: normal; color: ${QUIET}">${cell}</th>`)
    .join('');
  const body = rows.map(row => `<tr>${row.join('')}</tr>`).join('\n');
  const style = 'border-collapse: collapse; border: 0; margin: 0; font-size: 13px';
  return `<table style="${style}"><thead style="border: 0"><tr>${th}</tr></thead><tbody>${body}</tbody></table>`;
}

export const td = (content: string, style = ''): string => `<td style="${CELL}; ${style}">${content}</td>`;

/** A line below a table that states what it leaves out. */
export const more = (text: string): string => `<div style="color: ${QUIET}; padding: 2px 8px">${text}</div>`;

/** A number in the color of its sign. */
export function signColored(text: string, value: number): string {
  return `<span style="color: ${css(value < 0 ? COLORS.takes : COLORS.adds)}">${text}</span>`;
}

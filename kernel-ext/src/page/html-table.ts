import { COLORS, type Color } from '../payload';
import { css, INK_STYLE, inkOf, PAGE_STYLE, QUIET_STYLE } from './theme-colors';

/** Every cell sets its own colors: pages color tables by their theme, even where the card is white. */
const CELL = `${PAGE_STYLE}; ${INK_STYLE}; border: 0; padding: 2px 8px; text-align: right`;

/** A table. The headings of the first `left` columns are left-aligned. */
export function table(head: readonly string[], rows: readonly string[][], left = 1): string {
  const align = (column: number): string => (column < left ? 'text-align: left; ' : '');
  const th = head
    .map((cell, i) => `<th style="${CELL}; ${align(i)}font-weight: normal; ${QUIET_STYLE}">${cell}</th>`)
    .join('');
  const body = rows.map(row => `<tr>${row.join('')}</tr>`).join('\n');
  const style = 'border-collapse: collapse; border: 0; margin: 0; font-size: 13px';
  return `<table style="${style}"><thead style="border: 0"><tr>${th}</tr></thead><tbody>${body}</tbody></table>`;
}

export const td = (content: string, style = ''): string => `<td style="${CELL}; ${style}">${content}</td>`;

/** A line below a table that states what it leaves out. */
export const more = (text: string): string => `<div style="${QUIET_STYLE}; padding: 2px 8px">${text}</div>`;

/** Text is darker than marks, so that it is legible in a selected row, too: its contrast there is 4.8; that of marks is 4.05. */
const textColor = (color: Color): string =>
  css(color.map(part => Math.round(0.9 * part)) as unknown as Color);

/** A number in the color of its sign. */
export function signColored(text: string, value: number): string {
  return `<span style="${inkOf(textColor(value < 0 ? COLORS.takes : COLORS.adds))}">${text}</span>`;
}

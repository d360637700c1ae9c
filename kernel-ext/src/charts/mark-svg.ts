import { COLORS } from '../payload';
import { css } from '../page/theme-colors';
import { toPng } from '../page/png';
import type { AxisScale } from './axis-scale';
import {
  type BarsMark,
  type BoxMark,
  type CellsMark,
  type LineMark,
  type Mark,
  MOST_DOTS,
  MOST_WRITTEN_CELLS,
  type Panel,
  type PointsMark,
} from './chart';
import { shortNumber } from './short-number';
import { shadeColor } from './shade-color';
import { CHARACTER, INK, line, px, textAt } from '../page/svg-parts';

/** The edges of the area that the axes enclose, in pixels. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Canvas {
  x: AxisScale;
  y: AxisScale;
  panel: Panel;
  frame: Frame;
}

/** More points than this are moved to whole pixels, and those on the same pixel are drawn once. */
const MOST_FINE = 2_000;
/** Matrices with a longer side become one image. */
const MOST_RECTANGLES = 30;
const CELL_GAP = 0.5;

export function markSvg(mark: Mark, canvas: Canvas): string {
  switch (mark.type) {
    case 'line':
      return lineSvg(mark, canvas);
    case 'points':
      return pointsSvg(mark, canvas);
    case 'bars':
      return barsSvg(mark, canvas);
    case 'box':
      return boxSvg(mark, canvas);
    case 'cells':
      return cellsSvg(mark, canvas);
  }
}

function lineSvg({ x, y, color, isDashed }: LineMark, canvas: Canvas): string {
  let isDown = false;
  const steps = x.map((value, i) => {
    const [left, top] = [canvas.x(value), canvas.y(y[i])];
    const isThere = Number.isFinite(left) && Number.isFinite(top);
    const step = isThere ? `${isDown ? 'L' : 'M'}${px(left)} ${px(top)}` : '';
    isDown = isThere;
    return step;
  });
  const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
  const path = `<path d="${steps.join('')}" fill="none" stroke="${css(color)}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"${dash}/>`;
  return x.length > MOST_DOTS ? path : path + pointsSvg({ type: 'points', x, y, color }, canvas);
}

/** One path per color. A dot is a line of length zero with round ends. */
function pointsSvg({ x, y, color, shade }: PointsMark, canvas: Canvas): string {
  const isMany = x.length > MOST_FINE;
  const fine = (value: number): string => (isMany ? String(Math.round(value)) : px(value));
  const dots = new Map<string, Set<string>>();
  x.forEach((value, i) => {
    const [left, top] = [canvas.x(value), canvas.y(y[i])];
    if (!Number.isFinite(left) || !Number.isFinite(top)) return;
    const tint = css(shade ? shadeColor(shade[i], canvas.panel.shades!) : color);
    if (!dots.has(tint)) dots.set(tint, new Set());
    dots.get(tint)!.add(`M${fine(left)} ${fine(top)}h0`);
  });
  const size = isMany ? 3 : 6;
  return [...dots]
    .map(
      ([tint, moves]) =>
        `<path d="${[...moves].join('')}" stroke="${tint}" stroke-width="${size}" stroke-linecap="round" stroke-opacity="0.75" fill="none"/>`,
    )
    .join('');
}

function barsSvg({ from, to, y, color, isOverlay }: BarsMark, canvas: Canvas): string {
  const floor = canvas.panel.y.log ? canvas.frame.bottom : canvas.y(0);
  const bars = y.map((value, i) => {
    const [begin, right, top] = [canvas.x(from[i]), canvas.x(to[i]), canvas.y(value)];
    if (!Number.isFinite(right) || !Number.isFinite(top)) return '';
    // A bar that begins at or below zero on a logarithmic axis begins where the axis does.
    const left = Number.isFinite(begin) ? begin : canvas.frame.left;
    return `M${px(left)} ${px(floor)}V${px(top)}H${px(right)}V${px(floor)}Z`;
  });
  const opacity = isOverlay ? ' fill-opacity="0.55"' : '';
  return `<path d="${bars.join('')}" fill="${css(color)}" stroke="#ffffff" stroke-width="0.5"${opacity}/>`;
}

function boxSvg({ at, low, quartiles, high, outliers, color }: BoxMark, canvas: Canvas): string {
  const { x, frame } = canvas;
  // What lies at or below zero on a logarithmic axis is below its end.
  const y = (value: number): number => (Number.isFinite(canvas.y(value)) ? canvas.y(value) : frame.bottom);
  const tint = css(color);
  const middle = x(at);
  const half = Math.min(30, Math.abs(x(at + 0.3) - middle));
  const [first, median, third] = quartiles.map(y);
  const box = `<rect x="${px(middle - half)}" y="${px(third)}" width="${px(2 * half)}" height="${px(first - third)}" fill="${tint}" fill-opacity="0.45" stroke="${tint}" stroke-width="2"/>`;
  const whisker = (end: number, edge: number): string =>
    line(middle, y(end), middle, edge, tint, 2) +
    line(middle - half / 2, y(end), middle + half / 2, y(end), tint, 2);
  const drawn = outliers.filter(value => Number.isFinite(canvas.y(value)));
  const dots = drawn.map(value => `M${px(middle)} ${px(y(value))}h0`).join('');
  const beyond = dots ? `<path d="${dots}" stroke="${tint}" stroke-width="5" stroke-linecap="round"/>` : '';
  return (
    whisker(high, third) +
    whisker(low, first) +
    box +
    line(middle - half, median, middle + half, median, tint, 2) +
    beyond
  );
}

function cellsSvg(mark: CellsMark, { x, y, panel }: Canvas): string {
  const { rows, columns, values } = mark;
  if (Math.max(rows, columns) > MOST_RECTANGLES) return cellsImage(mark, panel, x, y);
  const [width, height] = [Math.abs(x(1) - x(0)), Math.abs(y(1) - y(0))];
  const longest = Math.max(0, ...values.map(value => shortNumber(value).length));
  const isWritten = Math.max(rows, columns) <= MOST_WRITTEN_CELLS && longest * CHARACTER <= width;
  const cells = values.map((value, i) => {
    if (!Number.isFinite(value)) return '';
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const color = shadeColor(value, panel.shades!);
    const [left, top] = [x(column) - width / 2, y(row) - height / 2];
    const cell = `<rect x="${px(left)}" y="${px(top)}" width="${px(width - CELL_GAP)}" height="${px(height - CELL_GAP)}" fill="${css(color)}"/>`;
    if (!isWritten) return cell;
    const isDark = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2] < 140;
    const fill = isDark ? '#ffffff' : INK;
    return cell + textAt(x(column), y(row) + 4, shortNumber(value), { anchor: 'middle', fill, size: 11 });
  });
  return cells.join('');
}

/** Many cells as one image with one pixel per cell. */
function cellsImage(
  { rows, columns, values }: CellsMark,
  { shades, y: axis }: Panel,
  x: AxisScale,
  y: AxisScale,
): string {
  const rgb = new Uint8Array(3 * rows * columns);
  values.forEach((value, i) => {
    const row = axis.downward ? Math.floor(i / columns) : rows - 1 - Math.floor(i / columns);
    rgb.set(
      Number.isFinite(value) ? shadeColor(value, shades!) : COLORS.page,
      3 * (row * columns + (i % columns)),
    );
  });
  const [left, right] = [x(-0.5), x(columns - 0.5)];
  const [top, bottom] = [y(-0.5), y(rows - 0.5)].sort((a, b) => a - b);
  const png = toPng({ height: rows, width: columns, rgb }).toString('base64');
  return (
    `<image x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}" ` +
    `preserveAspectRatio="none" style="image-rendering: pixelated" href="data:image/png;base64,${png}"/>`
  );
}

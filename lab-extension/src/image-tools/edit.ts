import type { ImageShape, Range } from 'piecewise/payload';
import { positionsOf, type Pixel, type Selection } from '../figures/selection';

/** What the hand does on the images: select pixels, move the view, swap the selection with another part, or change x. */
export type Tool = 'box' | 'lasso' | 'move' | 'swap' | Pen;

/** A tool that changes x. */
export type Pen = 'paint' | 'erase';

export const isPen = (tool: Tool): tool is Pen => tool === 'paint' || tool === 'erase';

/** The radius of a pen, as a share of the image's longer side; at least one pixel. */
const PEN = 1 / 28;

/**
 * x after one stroke of a pen along straight lines from pixel to pixel: ink is the high end of the input's range, erased is its
 * low end. Every pixel on the lines is met, however far apart their ends are.
 * @param path where the pen was, one pixel or more
 */
export function stroke(
  x: Float32Array,
  shape: ImageShape,
  path: readonly Pixel[],
  tool: Pen,
  range: Range,
): Float32Array {
  const edited = x.slice();
  const value = tool === 'paint' ? range.high : range.low;
  path.forEach((pixel, i) => {
    for (const at of pixelsBetween(path[Math.max(0, i - 1)], pixel)) dot(edited, shape, at, value);
  });
  return edited;
}

/** The pixels on the straight line from one to another, both included. */
function pixelsBetween(from: Pixel, to: Pixel): Pixel[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const share = steps === 0 ? 0 : i / steps;
    return {
      row: Math.round(from.row + share * (to.row - from.row)),
      column: Math.round(from.column + share * (to.column - from.column)),
    };
  });
}

/** Sets the disk of the pen's radius around a pixel, as far as it lies on the image. */
function dot(
  values: Float32Array,
  { height, width, channels }: ImageShape,
  { row, column }: Pixel,
  value: number,
): void {
  const radius = Math.max(1, Math.round(PEN * Math.max(height, width)));
  for (let r = Math.max(0, row - radius); r <= Math.min(height - 1, row + radius); r++) {
    for (let c = Math.max(0, column - radius); c <= Math.min(width - 1, column + radius); c++) {
      if ((r - row) ** 2 + (c - column) ** 2 > radius ** 2) continue;
      const from = (r * width + c) * channels;
      values.fill(value, from, from + channels);
    }
  }
}

/** x with a selection emptied: all of it at the low end of the input's range. */
export function emptied(
  x: Float32Array,
  shape: ImageShape,
  selection: Selection,
  range: Range,
): Float32Array {
  return within(x, shape, selection, () => range.low);
}

/** x with each pixel of a selection replaced by the mean of those of the 3 × 3 pixels around it that lie on the image. */
export function blurred(x: Float32Array, shape: ImageShape, selection: Selection): Float32Array {
  const { height, width, channels } = shape;
  return within(x, shape, selection, (row, column, k) => {
    let sum = 0;
    let count = 0;
    for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
        sum += x[(r * width + c) * channels + k];
        count++;
      }
    }
    return sum / count;
  });
}

/** x with a selection moved `rows` down and `columns` to the right; where it was, x is emptied, and what leaves the image is lost. */
export function moved(
  x: Float32Array,
  shape: ImageShape,
  selection: Selection,
  rows: number,
  columns: number,
  range: Range,
): Float32Array {
  const { height, width, channels } = shape;
  const edited = emptied(x, shape, selection, range);
  for (const at of positionsOf(selection, width)) {
    const [r, c] = [Math.floor(at / width) + rows, (at % width) + columns];
    if (r < 0 || r >= height || c < 0 || c >= width) continue;
    edited.set(x.subarray(at * channels, (at + 1) * channels), (r * width + c) * channels);
  }
  return edited;
}

/** x with the contents of two selections exchanged. @param other one of the same form, see `counterpart` */
export function swapped(
  x: Float32Array,
  { width, channels }: ImageShape,
  selection: Selection,
  other: Selection,
): Float32Array {
  const edited = x.slice();
  const there = positionsOf(other, width);
  const copy = (from: number, to: number) =>
    edited.set(x.subarray(from * channels, (from + 1) * channels), to * channels);
  positionsOf(selection, width).forEach((at, i) => {
    copy(at, there[i]);
    copy(there[i], at);
  });
  return edited;
}

function within(
  x: Float32Array,
  { width, channels }: ImageShape,
  selection: Selection,
  value: (row: number, column: number, channel: number) => number,
): Float32Array {
  const edited = x.slice();
  for (const at of positionsOf(selection, width)) {
    for (let k = 0; k < channels; k++)
      edited[at * channels + k] = value(Math.floor(at / width), at % width, k);
  }
  return edited;
}

/** A pixel of an image. */
export interface Pixel {
  row: number;
  column: number;
}

/** Selected pixels of an image: rows and columns, both ends included. */
export interface Selection {
  top: number;
  left: number;
  bottom: number;
  right: number;
  /** The selected positions (row × width + column), ascending; absent: all in the box. */
  pixels?: readonly number[];
}

/** The box with two pixels as its corners. */
export const boxBetween = (a: Pixel, b: Pixel): Selection => ({
  top: Math.min(a.row, b.row),
  bottom: Math.max(a.row, b.row),
  left: Math.min(a.column, b.column),
  right: Math.max(a.column, b.column),
});

/** The selection of these positions; null: there are none. */
export function selectionOf(positions: Iterable<number>, width: number): Selection | null {
  const pixels = [...new Set(positions)].sort((a, b) => a - b);
  if (pixels.length === 0) return null;
  const columns = pixels.map(at => at % width);
  return {
    top: Math.floor(pixels[0] / width),
    bottom: Math.floor(pixels.at(-1)! / width),
    left: columns.reduce((least, c) => Math.min(least, c)),
    right: columns.reduce((most, c) => Math.max(most, c)),
    pixels,
  };
}

/** With more changed pixels than this, their outline would take longer to draw than the images. */
const MOST_CHANGED = 20_000;

/**
 * The pixels in which two images differ; null: none, or too many to outline.
 * @param x [H·W·channels], as is `other`
 */
export function changedPixels(
  x: Float32Array,
  other: Float32Array,
  { width, channels }: { width: number; channels: number },
): Selection | null {
  const changed = new Set<number>();
  for (let i = 0; i < x.length && changed.size <= MOST_CHANGED; i++)
    if (x[i] !== other[i]) changed.add(Math.floor(i / channels));
  return changed.size > MOST_CHANGED ? null : selectionOf(changed, width);
}

/** All positions of a selection, ascending. */
export function positionsOf(selection: Selection, width: number): readonly number[] {
  if (selection.pixels) return selection.pixels;
  const positions: number[] = [];
  for (let row = selection.top; row <= selection.bottom; row++) {
    for (let column = selection.left; column <= selection.right; column++)
      positions.push(row * width + column);
  }
  return positions;
}

/** The selection with one more position, or without it if it was selected. */
export function toggled(selection: Selection | null, at: number, width: number): Selection | null {
  const positions = new Set(selection ? positionsOf(selection, width) : []);
  if (!positions.delete(at)) positions.add(at);
  return selectionOf(positions, width);
}

/** The selection moved by some rows and columns; null: it would leave the image. */
export function shifted(
  selection: Selection,
  rows: number,
  columns: number,
  { height, width }: { height: number; width: number },
): Selection | null {
  const { top, bottom, left, right, pixels } = selection;
  const box = { top: top + rows, bottom: bottom + rows, left: left + columns, right: right + columns };
  if (box.top < 0 || box.left < 0 || box.bottom >= height || box.right >= width) return null;
  return pixels ? { ...box, pixels: pixels.map(at => at + rows * width + columns) } : box;
}

/** The selection with its middle at a pixel, moved as far as it takes to lie on the image; null: the two would overlap. */
export function counterpart(
  selection: Selection,
  { row, column }: Pixel,
  shape: { height: number; width: number },
): Selection | null {
  const moved = (from: number, to: number, middle: number, length: number) =>
    Math.max(-from, Math.min(length - 1 - to, middle - Math.floor((from + to) / 2)));
  const rows = moved(selection.top, selection.bottom, row, shape.height);
  const columns = moved(selection.left, selection.right, column, shape.width);
  const other = shifted(selection, rows, columns, shape)!;
  const own = new Set(positionsOf(selection, shape.width));
  return positionsOf(other, shape.width).some(at => own.has(at)) ? null : other;
}

/** `row 3, column 5`, `rows 3–7, columns 5–9`, or the number of pixels of a free form within such a box. */
export function selectionText({ top, bottom, left, right, pixels }: Selection): string {
  const rows = top === bottom ? `row ${top}` : `rows ${top}–${bottom}`;
  const columns = left === right ? `column ${left}` : `columns ${left}–${right}`;
  const free = pixels && pixels.length < (bottom - top + 1) * (right - left + 1);
  return free ? `${pixels.length} pixels in ${rows}, ${columns}` : `${rows}, ${columns}`;
}

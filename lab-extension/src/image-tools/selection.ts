/** A pixel of an image. */
export interface Pixel {
  row: number;
  column: number;
}

/** Rows and columns of an image, both ends included. */
export interface Region {
  top: number;
  left: number;
  bottom: number;
  right: number;
  /** The positions (row × width + column) that belong to it, ascending; absent: all in the box. */
  pixels?: readonly number[];
}

/** The box with two pixels as its corners. */
export const boxBetween = (a: Pixel, b: Pixel): Region => ({
  top: Math.min(a.row, b.row),
  bottom: Math.max(a.row, b.row),
  left: Math.min(a.column, b.column),
  right: Math.max(a.column, b.column),
});

/** The region of these positions; null: there are none. */
export function regionOf(positions: Iterable<number>, width: number): Region | null {
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

/** All positions of a region, ascending. */
export function positionsOf(region: Region, width: number): readonly number[] {
  if (region.pixels) return region.pixels;
  const positions: number[] = [];
  for (let row = region.top; row <= region.bottom; row++) {
    for (let column = region.left; column <= region.right; column++) positions.push(row * width + column);
  }
  return positions;
}

/** The region with one position more, or without it if it was in. */
export function toggled(region: Region | null, at: number, width: number): Region | null {
  const positions = new Set(region ? positionsOf(region, width) : []);
  if (!positions.delete(at)) positions.add(at);
  return regionOf(positions, width);
}

/** The region elsewhere; null: it would leave the image. */
export function shifted(
  region: Region,
  rows: number,
  columns: number,
  { height, width }: { height: number; width: number },
): Region | null {
  const { top, bottom, left, right, pixels } = region;
  const box = { top: top + rows, bottom: bottom + rows, left: left + columns, right: right + columns };
  if (box.top < 0 || box.left < 0 || box.bottom >= height || box.right >= width) return null;
  return pixels ? { ...box, pixels: pixels.map(at => at + rows * width + columns) } : box;
}

/** The region with its middle at a pixel, moved as far as it takes to lie on the image; null: it would overlap itself. */
export function counterpart(
  region: Region,
  { row, column }: Pixel,
  shape: { height: number; width: number },
): Region | null {
  const moved = (from: number, to: number, middle: number, length: number) =>
    Math.max(-from, Math.min(length - 1 - to, middle - Math.floor((from + to) / 2)));
  const rows = moved(region.top, region.bottom, row, shape.height);
  const columns = moved(region.left, region.right, column, shape.width);
  const other = shifted(region, rows, columns, shape)!;
  const own = new Set(positionsOf(region, shape.width));
  return positionsOf(other, shape.width).some(at => own.has(at)) ? null : other;
}

/** `row 3, column 5`, `rows 3–7, columns 5–9`, or how many pixels a free form has within such a box. */
export function regionText({ top, bottom, left, right, pixels }: Region): string {
  const rows = top === bottom ? `row ${top}` : `rows ${top}–${bottom}`;
  const columns = left === right ? `column ${left}` : `columns ${left}–${right}`;
  const free = pixels && pixels.length < (bottom - top + 1) * (right - left + 1);
  return free ? `${pixels.length} pixels in ${rows}, ${columns}` : `${rows}, ${columns}`;
}

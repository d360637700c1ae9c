import type { Picture } from '../../page/picture';
import { type Color, COLORS } from '../../payload';

/** A position in pixels, to the right and down. */
export type Pixel = readonly [x: number, y: number];

/** A convex polygon in pixels, with one color for all of it or a color for each position. */
export interface Shade {
  corners: readonly Pixel[];
  color: Color | ((pixel: Pixel) => Color);
}

/** Paints convex polygons on white: a pixel has the color of the last polygon that contains its center. */
export function paintPolygons(shades: readonly Shade[], width: number, height: number): Picture {
  const picture = { height, width, rgb: new Uint8Array(3 * height * width) };
  for (let i = 0; i < picture.rgb.length; i++) picture.rgb[i] = COLORS.page[i % 3];
  for (const { corners, color } of shades) {
    const of = typeof color === 'function' ? color : () => color;
    for (const { row, from, to } of rowsOf(corners, height))
      for (let x = Math.max(0, from); x < Math.min(width, to); x++)
        picture.rgb.set(of([x + 0.5, row + 0.5]), 3 * (row * width + x));
  }
  return picture;
}

/** The pixels whose centers lie in a convex polygon, row by row. */
function* rowsOf(corners: readonly Pixel[], height: number) {
  const ys = corners.map(([, y]) => y);
  const last = Math.min(height - 1, Math.floor(Math.max(...ys) - 0.5));
  for (let row = Math.max(0, Math.ceil(Math.min(...ys) - 0.5)); row <= last; row++) {
    const middle = row + 0.5;
    const xs = corners.flatMap(([x, y], i) => {
      const [x2, y2] = corners[(i + 1) % corners.length];
      return y <= middle === y2 <= middle ? [] : [x + ((middle - y) / (y2 - y)) * (x2 - x)];
    });
    yield { row, from: Math.ceil(Math.min(...xs) - 0.5), to: Math.ceil(Math.max(...xs) - 0.5) };
  }
}

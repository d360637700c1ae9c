import type { Picture } from '../../page/picture';
import { CLASS_COLORS, classColor, COLORS, type Color } from '../../payload';

/** Share of the picture that is left blank at each edge. */
const MARGIN = 0.04;

/** Seen on light and dark pages alike. */
const RING: Color = [118, 118, 118];

/** Points to paint: coordinates [n·2], row major, the class of each point, and the points to mark with a ring. */
export interface ScatterPoints {
  coordinates: Float32Array;
  classOf: ArrayLike<number> | null;
  /** Points with this class index or a larger one have no class and are gray. */
  classes: number;
  ringed: readonly number[];
}

/** Paints the points on white, with the second axis upward and both axes on the same scale. */
export function paintScatter(
  { coordinates, classOf, classes, ringed }: ScatterPoints,
  side: number,
): Picture {
  const canvas = { height: side, width: side, rgb: new Uint8Array(3 * side * side).fill(255) };
  const count = coordinates.length / 2;
  const at = toPixels(coordinates, side);
  const radius = count > 20_000 ? 0.9 : count > 2_000 ? 1.7 : 2.6;
  for (let i = 0; i < count; i++)
    disc(canvas, at(i), 0, radius, classOf ? classColor(classOf[i], classes) : CLASS_COLORS[0]);
  for (const i of ringed) {
    disc(canvas, at(i), 4, 7, COLORS.page);
    disc(canvas, at(i), 4.5, 6.4, RING);
  }
  return canvas;
}

function toPixels(coordinates: Float32Array, side: number): (i: number) => [number, number] {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  coordinates.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  });
  const widest = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  const scale = (side * (1 - 2 * MARGIN)) / widest;
  const middle = low.map((value, axis) => (value + high[axis]) / 2);
  return i => [
    side / 2 + (coordinates[2 * i] - middle[0]) * scale,
    side / 2 - (coordinates[2 * i + 1] - middle[1]) * scale,
  ];
}

/** The ring between two radii, with soft edges. */
function disc(canvas: Picture, [x, y]: [number, number], inner: number, outer: number, color: Color): void {
  const reach = Math.ceil(outer);
  for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= canvas.height || column >= canvas.width) continue;
      const distance = Math.hypot(row + 0.5 - y, column + 0.5 - x);
      const cover = (edge: number) => Math.max(0, Math.min(1, edge - distance + 0.5));
      const share = cover(outer) - (inner > 0 ? cover(inner) : 0);
      if (share > 0) blend(canvas.rgb, 3 * (row * canvas.width + column), color, share);
    }
  }
}

function blend(rgb: Uint8Array, at: number, color: Color, share: number): void {
  for (let c = 0; c < 3; c++) rgb[at + c] = Math.round(rgb[at + c] + (color[c] - rgb[at + c]) * share);
}

import type { Color } from 'piecewise/payload';
import type { Size, Viewport } from './viewport';

/** Points to paint. A point's slot is the index of its color in the palette; HIDDEN: it is not painted. */
export interface Splats {
  across: Float32Array;
  up: Float32Array;
  slots: Uint16Array;
  palette: readonly Color[];
}

export const HIDDEN = 0xffff;

/** How opaque one point is over what was painted before. */
export const OPACITY = 0.75;

/**
 * Paints points as round dots. On two cores without a graphics card this is faster than WebGL in software, and it takes none
 * of the few WebGL contexts of a page (`npm run bench:widgets`).
 *
 * @param image [width·height] RGBA, one 32-bit word per pixel in little endian order; it is painted over
 * @param radius in pixels; at most 0.5: one pixel per point
 */
export function paintDots(image: Uint32Array, size: Size, v: Viewport, points: Splats, radius: number): void {
  const { across, up, slots, palette } = points;
  const { width, height } = size;
  const stamp = stampOf(radius, width);
  const reach = Math.ceil(radius);
  const colors = palette.map(packed);
  const left = width / 2 - v.across * v.scale;
  const top = height / 2 + v.up * v.scale;
  for (let i = 0; i < across.length; i++) {
    const slot = slots[i];
    if (slot === HIDDEN) continue;
    const x = (left + across[i] * v.scale) | 0;
    const y = (top - up[i] * v.scale) | 0;
    if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
    const at = y * width + x;
    for (let s = 0; s < stamp.offsets.length; s++) {
      const p = at + stamp.offsets[s];
      image[p] = blended(image[p], colors[slot], stamp.shares[s]);
    }
  }
}

/** A cell of the density would hold this many points if they were spread evenly over a quarter of the picture. */
const PER_CELL = 1;

/**
 * Paints how many points fall on each cell of one or more pixels: in the mean of their colors, and stronger the more there are
 * (logarithmically, as datashader does). Where dots would only cover each other, this still distinguishes 10 from 1,000.
 */
export function paintDensity(image: Uint32Array, size: Size, v: Viewport, points: Splats, page: Color): void {
  const { across, up, slots, palette } = points;
  const { width, height } = size;
  const cell = cellSide(size, across.length);
  const columns = Math.ceil(width / cell);
  const cells = columns * Math.ceil(height / cell);
  // Red, green, blue and the count side by side, so that each point touches one place in memory.
  const sums = new Float32Array(4 * cells);
  const colors = Float32Array.from(palette.flat());
  const left = width / 2 - v.across * v.scale;
  const top = height / 2 + v.up * v.scale;
  for (let i = 0; i < across.length; i++) {
    const slot = slots[i];
    if (slot === HIDDEN) continue;
    const x = left + across[i] * v.scale;
    const y = top - up[i] * v.scale;
    if (!(x >= 0 && y >= 0 && x < width && y < height)) continue;
    const at = 4 * (((y / cell) | 0) * columns + ((x / cell) | 0));
    sums[at] += colors[3 * slot];
    sums[at + 1] += colors[3 * slot + 1];
    sums[at + 2] += colors[3 * slot + 2];
    sums[at + 3]++;
  }
  let most = 1;
  for (let at = 3; at < sums.length; at += 4) most = Math.max(most, sums[at]);
  for (let c = 0; c < cells; c++) {
    const n = sums[4 * c + 3];
    if (n === 0) continue;
    const share = 0.25 + (0.75 * Math.log(1 + n)) / Math.log(1 + most);
    const part = (k: number) => page[k] + (sums[4 * c + k] / n - page[k]) * share;
    const color = packed([part(0), part(1), part(2)]);
    if (cell === 1) image[c] = color;
    else fill(image, size, (c % columns) * cell, Math.floor(c / columns) * cell, cell, color);
  }
}

/** In pixels: 1 for many points, more for few. */
const cellSide = ({ width, height }: Size, count: number): number =>
  Math.max(1, Math.round(Math.sqrt((PER_CELL * width * height) / (4 * Math.max(1, count)))));

function fill(image: Uint32Array, size: Size, left: number, top: number, side: number, color: number): void {
  const right = Math.min(size.width, left + side);
  for (let row = top; row < Math.min(size.height, top + side); row++)
    image.fill(color, row * size.width + left, row * size.width + right);
}

/** One pixel in the byte order of ImageData on a little endian machine, opaque. */
export const packed = ([r, g, b]: Color): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** A soft disc around a pixel: the offsets of its pixels, and how opaque each is, from 0 to 256. */
function stampOf(radius: number, width: number): { offsets: Int32Array; shares: Int32Array } {
  const offsets: number[] = [];
  const shares: number[] = [];
  const reach = Math.ceil(radius);
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const cover = radius <= 0.5 ? 1 : Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(row, column)));
      if (radius <= 0.5 && (row !== 0 || column !== 0)) continue;
      const share = Math.round(256 * OPACITY * cover);
      if (share === 0) continue;
      offsets.push(row * width + column);
      shares.push(share);
    }
  }
  return { offsets: Int32Array.from(offsets), shares: Int32Array.from(shares) };
}

/** Blends two channels with each multiplication; sums stay below 2³². */
function blended(under: number, over: number, share: number): number {
  const rest = 256 - share;
  const even = ((Math.imul(over & 0xff00ff, share) + Math.imul(under & 0xff00ff, rest)) >>> 8) & 0xff00ff;
  const odd = ((Math.imul((over >>> 8) & 0xff, share) + Math.imul((under >>> 8) & 0xff, rest)) >>> 8) & 0xff;
  return (0xff000000 | even | (odd << 8)) >>> 0;
}

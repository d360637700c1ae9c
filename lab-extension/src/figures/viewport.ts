import { rangeOf } from 'piecewise/payload';

/** The visible part of an embedding: the coordinates of the middle of the picture, and how many pixels one unit takes. */
export interface Viewport {
  across: number;
  up: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Share of the picture that stays empty at each edge when all points are shown. */
const MARGIN = 0.05;
const MOST_ZOOM = 4000;

/** Shows all points, with one scale for both axes. */
export function fitting(across: Float32Array, up: Float32Array, size: Size): Viewport {
  const { low: left, high: right } = rangeOf(across);
  const { low, high } = rangeOf(up);
  const scale =
    (1 - 2 * MARGIN) * Math.min(size.width / (right - left || 1), size.height / (high - low || 1));
  return { across: (left + right) / 2, up: (low + high) / 2, scale };
}

export const toPixel = (v: Viewport, size: Size, across: number, up: number): [number, number] => [
  size.width / 2 + (across - v.across) * v.scale,
  size.height / 2 - (up - v.up) * v.scale,
];

export const toCoordinates = (v: Viewport, size: Size, x: number, y: number): [number, number] => [
  v.across + (x - size.width / 2) / v.scale,
  v.up - (y - size.height / 2) / v.scale,
];

/** Zooms by `factor` while what is at pixel (x, y) stays there. @param whole the view of all points, which limits the zoom */
export function zoomed(
  v: Viewport,
  size: Size,
  x: number,
  y: number,
  factor: number,
  whole: Viewport,
): Viewport {
  const scale = Math.min(MOST_ZOOM * whole.scale, Math.max(whole.scale / 4, v.scale * factor));
  const [across, up] = toCoordinates(v, size, x, y);
  return {
    across: across - (x - size.width / 2) / scale,
    up: up + (y - size.height / 2) / scale,
    scale,
  };
}

export const panned = (v: Viewport, dx: number, dy: number): Viewport => ({
  ...v,
  across: v.across - dx / v.scale,
  up: v.up + dy / v.scale,
});

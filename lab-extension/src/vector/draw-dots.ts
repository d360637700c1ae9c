import { cssColor } from '../figures/color-scale';
import { OPACITY, type Splats } from '../figures/splat';
import { type Size, toPixel, type Viewport } from '../figures/viewport';
import type { Pen } from './vector-canvas';

/** With more points than this, a file would be too large for most programs. */
export const MOST_DOTS = 10_000;

/** Draws points as round dots, all of one color as one shape. @param radius in CSS pixels, like the size */
export function drawDots(pen: Pen, size: Size, view: Viewport, points: Splats, radius: number): void {
  const { across, up, slots, palette } = points;
  pen.globalAlpha = OPACITY;
  palette.forEach((color, slot) => {
    pen.fillStyle = cssColor(color);
    pen.beginPath();
    let count = 0;
    slots.forEach((own, i) => {
      if (own !== slot) return;
      const [x, y] = toPixel(view, size, across[i], up[i]);
      if (x < 0 || y < 0 || x > size.width || y > size.height) return;
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      count++;
    });
    if (count > 0) pen.fill();
  });
}

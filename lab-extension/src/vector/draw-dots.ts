import { cssColor } from '../figures/color-scale';
import { OPACITY, type Splats } from '../figures/splat';
import { type Size, toPixel, type Viewport } from '../figures/viewport';
import type { Pen } from './vector-canvas';

/** More points than this would make a file that no program likes to open. */
export const MOST_DOTS = 10_000;

/** Points as round dots, those of one color as one shape. @param radius in CSS pixels, as the size */
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

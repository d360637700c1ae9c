import type { ImageShape } from 'piecewise/payload';
import type { Pixel } from '../figures/selection';

const STEPS: Record<string, Pixel> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/** The pixel to which an arrow key moves, kept inside the image; null: the key is no arrow key. */
export function arrowStep(key: string, from: Pixel, { height, width }: ImageShape): Pixel | null {
  const step = STEPS[key];
  if (!step) return null;
  const inside = (at: number, count: number) => Math.min(count - 1, Math.max(0, at));
  return { row: inside(from.row + step.row, height), column: inside(from.column + step.column, width) };
}

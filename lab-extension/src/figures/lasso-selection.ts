import { selectionOf, type Selection } from './selection';
import { isInside, type Corner } from './lasso';

/** The pixels whose centers lie inside a closed outline; null: there are none. @param outline in pixels, across and down */
export function lassoSelection(
  outline: readonly Corner[],
  { height, width }: { height: number; width: number },
): Selection | null {
  const ups = outline.map(([, y]) => y);
  const from = Math.max(0, Math.floor(Math.min(...ups)));
  const to = Math.min(height - 1, Math.ceil(Math.max(...ups)));
  const positions: number[] = [];
  for (let row = from; row <= to; row++) {
    for (let column = 0; column < width; column++) {
      if (isInside(column + 0.5, row + 0.5, outline)) positions.push(row * width + column);
    }
  }
  return selectionOf(positions, width);
}

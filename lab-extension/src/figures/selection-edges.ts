import { positionsOf, type Selection } from './selection';

/** A line between two corners of pixels: x, y, x, y. */
export type Edge = readonly [number, number, number, number];

/** The sides of pixels between a selection and what is not selected: its outline, including holes. */
export function selectionEdges(selection: Selection, width: number): Edge[] {
  const inside = new Set(positionsOf(selection, width));
  const has = (row: number, column: number) =>
    column >= 0 && column < width && inside.has(row * width + column);
  const edges: Edge[] = [];
  for (const at of inside) {
    const [row, column] = [Math.floor(at / width), at % width];
    if (!has(row - 1, column)) edges.push([column, row, column + 1, row]);
    if (!has(row + 1, column)) edges.push([column, row + 1, column + 1, row + 1]);
    if (!has(row, column - 1)) edges.push([column, row, column, row + 1]);
    if (!has(row, column + 1)) edges.push([column + 1, row, column + 1, row + 1]);
  }
  return edges;
}

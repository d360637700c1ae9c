import type { Mark, Panel } from './chart';

/** Values along each axis whose lowest and highest the axis has to cover. */
interface Extents {
  x: readonly number[];
  y: readonly number[];
}

const EXTENTS: { [T in Mark['type']]: (mark: Extract<Mark, { type: T }>) => Extents } = {
  line: mark => mark,
  points: mark => mark,
  bars: ({ from, to, y }) => ({ x: [...from, ...to], y: [0, ...y] }),
  box: ({ at, low, high, outliers }) => ({ x: [at - 0.5, at + 0.5], y: [low, high, ...outliers] }),
  cells: ({ rows, columns }) => ({ x: [-0.5, columns - 0.5], y: [-0.5, rows - 0.5] }),
};

/** What the axes of a panel have to cover to show all its marks. */
export function extentsOf({ marks }: Panel): Extents {
  const extents = marks.map(mark => EXTENTS[mark.type](mark as never));
  return { x: extents.flatMap(({ x }) => x), y: extents.flatMap(({ y }) => y) };
}

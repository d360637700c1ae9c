import { csvText } from './csv-text';

/** n points of an embedding, and what is known about each of them. */
export interface PointNumbers {
  /** Index of each in the data; absent: they are 0 … n − 1. */
  indices?: ArrayLike<number> | null;
  /** Names of the axes, and the coordinates on them, [n] each. */
  axes: readonly string[];
  coordinates: readonly ArrayLike<number>[];
  /** Class of each point, '' if it has none. */
  classes?: readonly string[] | null;
  names?: readonly string[] | null;
  columns?: readonly { name: string; values: ArrayLike<number> }[];
}

/** One line per point: index in the data, coordinates, class, name and columns. */
export function pointsCsv({
  indices,
  axes,
  coordinates,
  classes,
  names,
  columns = [],
}: PointNumbers): string {
  const head = [
    'point',
    ...axes,
    ...(classes ? ['class'] : []),
    ...(names ? ['name'] : []),
    ...columns.map(column => column.name),
  ];
  return csvText(head, lines());

  function* lines(): Generator<(string | number)[]> {
    for (let i = 0; i < coordinates[0].length; i++) {
      yield [
        indices ? indices[i] : i,
        ...coordinates.map(axis => axis[i]),
        ...(classes ? [classes[i]] : []),
        ...(names ? [names[i]] : []),
        ...columns.map(column => column.values[i]),
      ];
    }
  }
}

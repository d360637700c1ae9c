import { csvText } from './csv-text';

/** Points of a map, n of them, and what is known of each. */
export interface MapNumbers {
  /** Index of each in the data; absent: they are 0 … n − 1. */
  indices?: ArrayLike<number> | null;
  /** Names of the axes, and the places on them, [n] each. */
  axes: readonly string[];
  places: readonly ArrayLike<number>[];
  /** Class of each, '' where it has none. */
  classes?: readonly string[] | null;
  names?: readonly string[] | null;
  columns?: readonly { name: string; values: ArrayLike<number> }[];
}

/** A line a point: index in the data, place, class, name and columns. */
export function mapCsv({ indices, axes, places, classes, names, columns = [] }: MapNumbers): string {
  const head = [
    'point',
    ...axes,
    ...(classes ? ['class'] : []),
    ...(names ? ['name'] : []),
    ...columns.map(column => column.name),
  ];
  return csvText(head, lines());

  function* lines(): Generator<(string | number)[]> {
    for (let i = 0; i < places[0].length; i++) {
      yield [
        indices ? indices[i] : i,
        ...places.map(axis => axis[i]),
        ...(classes ? [classes[i]] : []),
        ...(names ? [names[i]] : []),
        ...columns.map(column => column.values[i]),
      ];
    }
  }
}

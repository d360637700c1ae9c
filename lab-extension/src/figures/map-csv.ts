import type { MapModel } from '../models/map-model';
import { csv } from './csv';

/** The points of a map: index in the data, place, class, name and columns, a line a point. */
export function mapCsv(model: MapModel): string {
  const { map } = model;
  const isPlane = map.axes.length === 2;
  const head = [
    'point',
    ...map.axes,
    ...(map.classes ? ['class'] : []),
    ...(map.names ? ['name'] : []),
    ...map.columns.map(column => column.name),
  ];
  return csv(head, lines());

  function* lines(): Generator<(string | number)[]> {
    for (let i = 0; i < map.count; i++) {
      yield [
        model.pointOf(i),
        map.across[i],
        ...(isPlane ? [map.up[i]] : []),
        ...(map.classes ? [model.classOf(i) ?? ''] : []),
        ...(map.names ? [map.names[i]] : []),
        ...map.columns.map(column => column.values[i]),
      ];
    }
  }
}

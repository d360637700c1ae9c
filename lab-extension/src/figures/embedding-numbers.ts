import { mapCsv, npyBytes } from 'piecewise/payload';
import type { MapModel } from '../embedding/embedding-model';
import type { PointMap } from '../embedding/embedding-data';

/** The points of a map: index in the data, place, class, name and columns, a line a point. */
export function pointsCsv(model: MapModel): string {
  const { map } = model;
  return mapCsv({
    ...map,
    places: placesOf(map),
    classes: map.classes && Array.from(map.across, (_, i) => model.classOf(i) ?? ''),
  });
}

/** The places of the points, [n, axes], in the order of the lines of `pointsCsv`. */
export function pointsNpy({ map }: MapModel): Uint8Array<ArrayBuffer> {
  const places = placesOf(map);
  const shape = [map.count, places.length];
  return npyBytes(
    shape,
    Float32Array.from(
      { length: map.count * places.length },
      (_, i) => places[i % places.length][Math.floor(i / places.length)],
    ),
  );
}

const placesOf = ({ axes, across, up }: PointMap): Float32Array[] =>
  axes.length === 2 ? [across, up] : [across];

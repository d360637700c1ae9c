import { mapCsv, npyBytes } from 'piecewise/payload';
import type { EmbeddingModel } from './embedding-model';
import type { EmbeddingData } from './embedding-data';

/** The points of a map: index in the data, place, class, name and columns, a line a point. */
export function pointsCsv(model: EmbeddingModel): string {
  const { embedding } = model;
  return mapCsv({
    ...embedding,
    places: coordinatesOf(embedding),
    classes: embedding.classes && Array.from(embedding.across, (_, i) => model.classOf(i) ?? ''),
  });
}

/** The places of the points, [n, axes], in the order of the lines of `pointsCsv`. */
export function pointsNpy({ embedding }: EmbeddingModel): Uint8Array<ArrayBuffer> {
  const places = coordinatesOf(embedding);
  const shape = [embedding.count, places.length];
  return npyBytes(
    shape,
    Float32Array.from(
      { length: embedding.count * places.length },
      (_, i) => places[i % places.length][Math.floor(i / places.length)],
    ),
  );
}

const coordinatesOf = ({ axes, across, up }: EmbeddingData): Float32Array[] =>
  axes.length === 2 ? [across, up] : [across];

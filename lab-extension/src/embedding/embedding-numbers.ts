import { pointsCsv as csvOfPoints, npyBytes, type EmbeddingData } from 'piecewise/payload';
import type { EmbeddingModel } from './embedding-model';

/** The points of an embedding, one per line: index in the data, coordinates, class, name and columns. */
export function pointsCsv(model: EmbeddingModel): string {
  const { embedding } = model;
  return csvOfPoints({
    ...embedding,
    coordinates: coordinatesOf(embedding),
    classes: embedding.classes && Array.from(embedding.across, (_, i) => model.classOf(i) ?? ''),
  });
}

/** The coordinates of the points, [n, axes], in the order of the lines of `pointsCsv`. */
export function pointsNpy({ embedding }: EmbeddingModel): Uint8Array<ArrayBuffer> {
  const coordinates = coordinatesOf(embedding);
  const shape = [embedding.count, coordinates.length];
  return npyBytes(
    shape,
    Float32Array.from(
      { length: embedding.count * coordinates.length },
      (_, i) => coordinates[i % coordinates.length][Math.floor(i / coordinates.length)],
    ),
  );
}

const coordinatesOf = ({ axes, across, up }: EmbeddingData): Float32Array[] =>
  axes.length === 2 ? [across, up] : [across];

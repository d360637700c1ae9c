import type { Embedding } from '../tsne';
import { ColumnLengthError, NumbersError } from '../display/errors';
import { pointsCsv, npyBytes } from '../payload';

/** Which numbers of an embedding to write. */
export interface EmbeddingNumbers {
  /** The array of an NPY file: 'coordinates', [N, axes], or 'labels', [N] strings, '' for a point without one. Default: 'coordinates'. */
  of?: 'coordinates' | 'labels';
  /** Names of the points, and named columns of numbers, for CSV: one entry per point, as for `plot`. */
  names?: readonly string[];
  columns?: Readonly<Record<string, ArrayLike<number>>>;
}

/** One line per point: index, coordinates, class, name, columns. */
export async function embeddingCsv(
  embedding: Embedding,
  { names, columns = {} }: EmbeddingNumbers,
): Promise<string> {
  const values = await coordinatesOf(embedding);
  const { axes, length } = embedding;
  for (const [name, entries] of Object.entries({ ...(names && { names }), ...columns }))
    if (entries.length !== length)
      throw new ColumnLengthError(name, entries.length, length, 'points', 'saveNumbers');
  return pointsCsv({
    axes,
    coordinates: axes.map((_, axis) => values.filter((_, i) => i % axes.length === axis)),
    classes: embedding.labels && embedding.labels.map(label => label ?? ''),
    names,
    columns: Object.entries(columns).map(([name, entries]) => ({ name, values: entries })),
  });
}

/** The array that `of` names. */
export async function embeddingNpy(
  embedding: Embedding,
  { of = 'coordinates' }: EmbeddingNumbers,
): Promise<Uint8Array> {
  const { axes, length, labels } = embedding;
  if (of === 'coordinates') return npyBytes([length, axes.length], await coordinatesOf(embedding));
  if (of !== 'labels') throw new NumbersError(`of: '${String(of)}'`, 'coordinates or labels');
  if (!labels) throw new NumbersError("of: 'labels' for an embedding without labels", "of: 'coordinates'");
  return npyBytes(
    [length],
    labels.map(label => label ?? ''),
  );
}

/** [N·axes] @throws DisposedError */
async function coordinatesOf(embedding: Embedding): Promise<Float32Array> {
  embedding.assertAlive();
  return (await embedding.coordinates.data()) as Float32Array;
}

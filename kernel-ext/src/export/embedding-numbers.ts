import type { Embedding } from '../tsne';
import { ColumnLengthError, NumbersError } from '../display/errors';
import { mapCsv } from '../payload/files/embedding-csv';
import { npyBytes } from '../payload/files/npy-bytes';

/** Which numbers of a map are written. */
export interface EmbeddingNumbers {
  /** The array of an NPY file: 'places', [N, axes], or 'labels', [N] texts, '' where a point has none. Default: 'places'. */
  of?: 'places' | 'labels';
  /** Names of the points, and numbers of them by name, for CSV: one a point each, as for `plot`. */
  names?: readonly string[];
  columns?: Readonly<Record<string, ArrayLike<number>>>;
}

/** A line a point: index, place, class, name, columns. */
export async function embeddingCsv(
  embedding: Embedding,
  { names, columns = {} }: EmbeddingNumbers,
): Promise<string> {
  const values = await placesOf(embedding);
  const { axes, length } = embedding;
  for (const [name, entries] of Object.entries({ ...(names && { names }), ...columns }))
    if (entries.length !== length)
      throw new ColumnLengthError(name, entries.length, length, 'points', 'saveNumbers');
  return mapCsv({
    axes,
    places: axes.map((_, axis) => values.filter((_, i) => i % axes.length === axis)),
    classes: embedding.labels && embedding.labels.map(label => label ?? ''),
    names,
    columns: Object.entries(columns).map(([name, entries]) => ({ name, values: entries })),
  });
}

/** One array, see `of`. */
export async function embeddingNpy(
  embedding: Embedding,
  { of = 'places' }: EmbeddingNumbers,
): Promise<Uint8Array> {
  const { axes, length, labels } = embedding;
  if (of === 'places') return npyBytes([length, axes.length], await placesOf(embedding));
  if (of !== 'labels') throw new NumbersError(`of: '${String(of)}'`, 'places or labels');
  if (!labels) throw new NumbersError("of: 'labels' for a map without labels", "of: 'places'");
  return npyBytes(
    [length],
    labels.map(label => label ?? ''),
  );
}

/** [N·axes] @throws DisposedError */
async function placesOf(embedding: Embedding): Promise<Float32Array> {
  embedding.assertAlive();
  return (await embedding.coordinates.data()) as Float32Array;
}

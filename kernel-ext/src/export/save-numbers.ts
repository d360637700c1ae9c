import { extname, resolve } from 'node:path';
import { Tensor } from '@tensorflow/tfjs';
import { FileWriteError } from '../errors';
import { shownValue } from '../errors/shown-value';
import { replaceFile } from '../files/replace-file';
import { Linearization } from '../linearization/linearization';
import { Embedding } from '../tsne';
import { NumbersError } from '../display/errors';
import { embeddingCsv, embeddingNpy, type EmbeddingNumbers } from './embedding-numbers';
import { linearizationCsv, linearizationNpy, type LinearizationNumbers } from './linearization-numbers';
import { tensorCsv, tensorNpy } from './tensor-numbers';

/** The things whose numbers can be written. */
export type Numeric = Linearization | Embedding | Tensor;

/** The options for each kind of thing. */
export type NumbersOptions<T extends Numeric = Numeric> = T extends Linearization
  ? LinearizationNumbers
  : T extends Embedding
    ? EmbeddingNumbers
    : Record<string, never>;

/**
 * Writes numbers into a file that NumPy, pandas, R or a spreadsheet reads: `file.csv`, a table, or `file.npy`, one array.
 *
 *     await saveNumbers(lin, 'seven.csv', { rows: ['7', '9'] })        // x, w and w·x of both, b by layer, F(x)
 *     await saveNumbers(lin, 'w.npy', { rows: 'all' })                 // numpy.load('w.npy'): [C, ...x]
 *     await saveNumbers(embedding, 'map.csv')                          // coordinates and classes
 *
 * @param thing a linearization, an embedding, or a tensor (for CSV, of rank 2 or less)
 * @param file its extension, .csv or .npy, determines the format; its folder must exist
 * @param options of a linearization: rows, of, instance, labels, features; of an embedding: of, names, columns
 * @returns the path of the file
 * @throws NumbersError if there are no such numbers or the file cannot be written; UnknownLabelError, ClassIndexError,
 *   InstanceIndexError, NameCountError, ColumnLengthError, DisposedError
 */
export async function saveNumbers<T extends Numeric>(
  thing: T,
  file: string,
  options?: NumbersOptions<T>,
): Promise<string> {
  if (typeof file !== 'string')
    throw new NumbersError(`the file ${shownValue(file)}`, 'a name that ends in .csv or .npy');
  const write = { '.csv': toCsv, '.npy': toNpy }[extname(file).toLowerCase()];
  if (!write) throw new NumbersError(`the file '${file}'`, 'a name that ends in .csv or .npy');
  const content = await write(thing, options);
  try {
    await replaceFile(file, content);
  } catch (error) {
    throw new NumbersError(
      `the file '${file}', which cannot be written: ${error instanceof FileWriteError ? error.reason : String(error)}`,
      'a file in a folder that exists and can be written to. What was there before is intact',
      error,
    );
  }
  return resolve(file);
}

/** The content of the CSV file that `saveNumbers` writes (RFC 4180, lines end in CR LF). @throws as saveNumbers */
export async function toCsv<T extends Numeric>(thing: T, options?: NumbersOptions<T>): Promise<string> {
  if (thing instanceof Linearization) return linearizationCsv(thing, (options ?? {}) as LinearizationNumbers);
  if (thing instanceof Embedding) return embeddingCsv(thing, (options ?? {}) as EmbeddingNumbers);
  return tensorCsv(asTensor(thing));
}

/** The content of the NPY file that `saveNumbers` writes (version 1.0, float32 or str, little endian). @throws as saveNumbers */
export async function toNpy<T extends Numeric>(thing: T, options?: NumbersOptions<T>): Promise<Uint8Array> {
  if (thing instanceof Linearization) return linearizationNpy(thing, (options ?? {}) as LinearizationNumbers);
  if (thing instanceof Embedding) return embeddingNpy(thing, (options ?? {}) as EmbeddingNumbers);
  return tensorNpy(asTensor(thing));
}

function asTensor(thing: unknown): Tensor {
  if (thing instanceof Tensor) return thing;
  throw new NumbersError(typeof thing, 'a linearization, an embedding or a tensor');
}

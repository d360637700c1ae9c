import { readFile } from 'node:fs/promises';
import { checkOption, TEXT } from '../errors/check-options';
import { DataFileError } from './errors';

/** The bytes of a file. @param reader who asks, for messages: 'data.csv' @throws {OptionError, DataFileError} */
export async function readDataFile(path: string, reader: string): Promise<Buffer> {
  checkOption(reader, 'path', path ?? null, { fits: TEXT.fits, wanted: 'the path of a file' });
  try {
    return await readFile(path.replace(/^file:\/\//, ''));
  } catch (error) {
    throw new DataFileError(reader, path, error);
  }
}

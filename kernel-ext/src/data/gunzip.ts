import { constants, gunzipSync } from 'node:zlib';

/** Deflate packs a byte into 1/1032 at best, so a file cannot hold more than this many times its own size. */
export const DEFLATE_RATIO = 1032;

/** This many bytes of a gzipped file unpack to its first kilobytes. */
const BEGINNING = 4096;

export const isGzipped = (file: Buffer): boolean => file[0] === 0x1f && file[1] === 0x8b;

/** The first bytes of a gzipped file, at most 4 MiB. @throws an Error with the reason */
export function gunzipBeginning(file: Buffer): Buffer {
  return gunzipSync(file.subarray(0, BEGINNING), { finishFlush: constants.Z_SYNC_FLUSH });
}

/**
 * Unpacks a gzipped file whose header promises a number of bytes. It takes no memory for what cannot be in the file, and stops
 * when there is more than was promised.
 * @throws an Error with the reason
 */
export function gunzipExactly(file: Buffer, promised: number): Buffer {
  if (promised > DEFLATE_RATIO * file.length)
    throw new Error(`its header promises ${promised} bytes, more than ${file.length} gzipped bytes can hold`);
  try {
    return gunzipSync(file, { maxOutputLength: Math.max(1, promised) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Error(`it unpacks to more than the ${promised} bytes that its header promises`, {
      cause: error,
    });
  }
}

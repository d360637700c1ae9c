import { PNG } from 'pngjs';
import { DEFLATE_RATIO } from './gunzip';

/** A decoded image. */
export interface Pixels {
  width: number;
  height: number;
  /** RGBA, four numbers per pixel. */
  data: Uint8Array | Uint16Array;
  /** The largest number that a channel can have. */
  white: 255 | 65535;
}

const HEADER = '89504e470d0a1a0a';
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** No image has more pixels; Pillow has the same limit. Decoded, they take 716 MB. */
const MOST_PIXELS = 178_956_970;

/**
 * Decodes a PNG image. What its header promises is compared with the bytes of the file before memory is taken for it.
 * @throws an Error that states what is wrong, for the caller to wrap
 */
export function decodePng(file: Buffer): Pixels {
  if (
    file.length < 33 ||
    file.subarray(0, 8).toString('hex') !== HEADER ||
    file.toString('latin1', 12, 16) !== 'IHDR'
  )
    throw new Error('it does not begin as a PNG file does');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const bits = file[24] * (CHANNELS[file[25]] ?? 1);
  const bytes = height * (1 + Math.ceil((width * bits) / 8));
  if (bytes > DEFLATE_RATIO * file.length)
    throw new Error(
      `its header promises ${width} × ${height} pixels, more than its ${file.length} bytes can hold`,
    );
  assertPixelCount(width, height);
  // By default, pngjs rounds 16 bits to 8.
  const isDeep = file[24] === 16;
  const { data } = PNG.sync.read(file, { skipRescale: isDeep });
  return { width, height, data, white: isDeep ? 65535 : 255 };
}

/** @throws an Error if an image is too large to be decoded */
export function assertPixelCount(width: number, height: number): void {
  if (width * height > MOST_PIXELS)
    throw new Error(`it has ${width} × ${height} pixels, and the limit is ${MOST_PIXELS} pixels`);
}

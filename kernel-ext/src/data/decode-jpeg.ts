import * as tf from '@tensorflow/tfjs';
import { assertPixelCount, type Pixels } from './decode-png';

/** The part of TensorFlow.js's native backend that decodes. */
interface JpegBackend {
  decodeJpeg(
    file: Uint8Array,
    channels: number,
    ratio: number,
    fancyUpscaling: boolean,
    tryRecoverTruncated: boolean,
    acceptableFraction: number,
    dctMethod: string,
  ): tf.Tensor;
}

/** What the markers of a JPEG file say. */
interface JpegHeader {
  width: number;
  height: number;
  components: number;
  /** 1…8, as Exif counts them; 1 if the file names none. */
  orientation: number;
}

export const isJpeg = (file: Buffer): boolean => file[0] === 0xff && file[1] === 0xd8;

/**
 * Decodes a JPEG image, baseline or progressive, gray or in color, and turns it as its Exif orientation says. The decoder is
 * TensorFlow's, libjpeg-turbo, so that the pixels are those that tf.io.decode_jpeg gives in Python.
 * @throws an Error that states what is wrong, for the caller to wrap
 */
export async function decodeJpeg(file: Buffer): Promise<Pixels> {
  const { width, height, components, orientation } = headerOf(file);
  assertPixelCount(width, height);
  if (components !== 1 && components !== 3)
    throw new Error(`it has ${components} components, as CMYK has; save it in RGB`);
  const backend = tf.backend() as unknown as Partial<JpegBackend>;
  if (typeof backend.decodeJpeg !== 'function')
    throw new Error('JPEG needs the native backend of TensorFlow.js, which is not running; save it as PNG');
  const decode = backend.decodeJpeg.bind(backend);
  // The backend reads no bytes, only int32.
  const decoded = tf.tidy(() => decode(file, 3, 1, true, false, 1, 'INTEGER_ACCURATE').toInt());
  const rgb = await decoded.data().finally(() => decoded.dispose());
  return oriented(rgb, width, height, orientation);
}

function headerOf(file: Buffer): JpegHeader {
  let orientation = 1;
  for (let at = 2; at + 4 <= file.length;) {
    if (file[at] !== 0xff) break;
    const marker = file[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + file.readUInt16BE(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && at + 10 <= file.length) {
      const [height, width] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7)];
      return { width, height, components: file[at + 9], orientation };
    }
    if (marker === 0xe1) orientation = orientationIn(file.subarray(at + 4, end)) ?? orientation;
    at = end;
  }
  throw new Error('it does not tell the size of the image, as a JPEG file does');
}

/** The orientation in an Exif segment: tag 0x0112 of the first directory of a TIFF file. */
function orientationIn(segment: Buffer): number | undefined {
  if (segment.length < 14 || segment.toString('latin1', 0, 6) !== 'Exif\0\0') return undefined;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return undefined;
  for (let i = 0, at = first + 2; i < short(first) && at + 12 <= tiff.length; i++, at += 12)
    if (short(at) === 0x0112) return short(at + 8) >= 1 && short(at + 8) <= 8 ? short(at + 8) : undefined;
  return undefined;
}

/** The pixels, RGBA, turned or mirrored upright. */
function oriented(rgb: ArrayLike<number>, wide: number, high: number, orientation: number): Pixels {
  const isTurned = orientation >= 5;
  const [width, height] = isTurned ? [high, wide] : [wide, high];
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = isTurned ? [y, x] : [x, y];
      // Exif: 2 mirrors left and right, 3 turns upside down, 4 mirrors top and bottom, 5 swaps the axes, and so on.
      const left = [2, 3, 7, 8].includes(orientation) ? wide - 1 - column : column;
      const top = [3, 4, 6, 7].includes(orientation) ? high - 1 - row : row;
      for (let c = 0; c < 3; c++) data[4 * (y * width + x) + c] = rgb[3 * (top * wide + left) + c];
    }
  return { width, height, data, white: 255 };
}

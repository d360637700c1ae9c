import { type ArrayPayload, decodeArray } from '../arrays/array-payload';
import { MalformedPayloadError } from '../errors';
import { asBoolean, asFields, asIndex, own } from '../fields';
import { pngSize } from './png-size';

/** Thumbnails of some points in one picture, row by row. */
export interface ThumbnailsPayload {
  /** Which of the shown points, [K] whole numbers. */
  of: ArrayPayload;
  /** Size of one image in pixels, and number of images per row. */
  height: number;
  width: number;
  columns: number;
  /** true: ink on white, which a dark page may invert; false: colors. */
  inked: boolean;
  /** A PNG in base64. */
  png: string;
}

/** A PNG with thumbnails row by row, as a data: URL. */
export interface Sprite {
  url: string;
  height: number;
  width: number;
  columns: number;
  count: number;
  /** true: ink on white, inverted on a dark page. */
  inked: boolean;
}

/** A checked `ThumbnailsPayload`, with the position in the sprite of each shown point's image. */
export interface Thumbnails extends Sprite {
  positions: ReadonlyMap<number, number>;
}

/** The reply about thumbnails. Its buffer is the PNG, with all images side by side. */
export interface ThumbnailsReply {
  height: number;
  width: number;
  inked: boolean;
}

const MOST_SIDE = 256;
const MOST_IMAGES = 4096;
/** A picture with more pixels than this would need more than 64 MB. */
const MOST_PIXELS = 2 ** 24;

/** @param points how many points are shown. @throws {MalformedPayloadError} */
export function readThumbnails(value: unknown, points: number): Thumbnails | null {
  if (value === undefined) return null;
  const fields = asFields(value, 'thumbnails');
  const of = decodeArray(own(fields, 'of'), 'thumbnails.of');
  const count = of.values.length;
  if (of.shape.length !== 1 || count > MOST_IMAGES)
    throw new MalformedPayloadError('thumbnails.of.shape', `is not a list of at most ${MOST_IMAGES}`);
  const size = (key: string, most: number) => asLength(own(fields, key), most, `thumbnails.${key}`);
  const sprite = {
    url: pngUrl(own(fields, 'png')),
    height: size('height', MOST_SIDE),
    width: size('width', MOST_SIDE),
    columns: size('columns', MOST_IMAGES),
    count,
    inked: asBoolean(own(fields, 'inked'), 'thumbnails.inked'),
  };
  const positions = new Map<number, number>();
  of.values.forEach((point, i) => positions.set(asIndex(point, points, 'thumbnails.of'), i));
  checkSize(sprite);
  return { ...sprite, positions };
}

/** @param count how many images were requested. @throws {MalformedPayloadError} */
export function readThumbnailsReply(data: unknown, png: string, count: number): Sprite {
  const fields = asFields(data, 'reply');
  return {
    url: `data:image/png;base64,${png}`,
    height: asLength(own(fields, 'height'), MOST_SIDE, 'height'),
    width: asLength(own(fields, 'width'), MOST_SIDE, 'width'),
    columns: count,
    count,
    inked: asBoolean(own(fields, 'inked'), 'inked'),
  };
}

/** A whole number from 1 to `most`. */
function asLength(value: unknown, most: number, field: string): number {
  const length = asIndex(value, most + 1, field);
  if (length === 0) throw new MalformedPayloadError(field, 'is 0');
  return length;
}

function pngUrl(png: unknown): string {
  if (typeof png !== 'string' || !/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/.test(png))
    throw new MalformedPayloadError('thumbnails.png', 'is not a PNG in base64');
  return `data:image/png;base64,${png}`;
}

/** The picture's own header must agree, so that a small file cannot decompress to a huge picture. */
function checkSize({ url, height, width, columns, count }: Sprite): void {
  const size = pngSize(url);
  const isRight = size?.width === columns * width && size.height === Math.ceil(count / columns) * height;
  if (size && isRight && size.width * size.height <= MOST_PIXELS) return;
  const found = size ? `${size.width} × ${size.height} pixels` : 'not base64';
  throw new MalformedPayloadError('thumbnails.png', `is ${found}, not what ${count} images need`);
}

import { pngSize } from '../figures/png-size';
import { decodeArray } from '../payload/array-payload';
import { readBoolean } from '../decomposition/decomposition';
import { asFields, asIndex, own } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';

/** A PNG with small images row by row, as a data: address. */
export interface Sprite {
  url: string;
  height: number;
  width: number;
  columns: number;
  count: number;
  /** true: ink on white, inverted on a dark page. */
  inked: boolean;
}

/** Saved images: which shown point has the n-th one. */
export interface Thumbnails extends Sprite {
  positions: ReadonlyMap<number, number>;
}

const MOST_SIDE = 256;
const MOST_IMAGES = 4096;
/** A picture with more pixels than this would take 64 MB. */
const MOST_PIXELS = 2 ** 24;

/** @param points how many points are shown */
export function readThumbnails(value: unknown, points: number): Thumbnails | null {
  if (value === undefined) return null;
  const fields = asFields(value, 'thumbnails');
  const of = decodeArray(own(fields, 'of'), 'thumbnails.of');
  const count = of.values.length;
  if (of.shape.length !== 1 || count > MOST_IMAGES)
    throw new MalformedPayloadError('thumbnails.of.shape', `is not a list of at most ${MOST_IMAGES}`);
  const size = (key: string, most: number) =>
    asIndex(own(fields, key), most + 1, `thumbnails.${key}`) || refuse(`thumbnails.${key}`, 'is 0');
  const sprite = {
    url: pngUrl(own(fields, 'png')),
    height: size('height', MOST_SIDE),
    width: size('width', MOST_SIDE),
    columns: size('columns', MOST_IMAGES),
    count,
    inked: readBoolean(own(fields, 'inked'), 'thumbnails.inked'),
  };
  const positions = new Map<number, number>();
  of.values.forEach((point, i) => positions.set(asIndex(point, points, 'thumbnails.of'), i));
  checkSize(sprite);
  return { ...sprite, positions };
}

function refuse(field: string, problem: string): never {
  throw new MalformedPayloadError(field, problem);
}

function pngUrl(png: unknown): string {
  if (typeof png !== 'string' || !/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/.test(png))
    throw new MalformedPayloadError('thumbnails.png', 'is no PNG in base64');
  return `data:image/png;base64,${png}`;
}

/** The picture's own header must agree, so that a small file cannot unfold to a giant. */
function checkSize({ url, height, width, columns, count }: Sprite): void {
  let size: ReturnType<typeof pngSize>;
  try {
    size = pngSize(url);
  } catch {
    refuse('thumbnails.png', 'is not base64');
  }
  const { width: wide, height: high } = size;
  const isRight = wide === columns * width && high === Math.ceil(count / columns) * height;
  if (!isRight || wide * high > MOST_PIXELS)
    refuse('thumbnails.png', `is ${wide} × ${high} pixels, not what ${count} images need`);
}

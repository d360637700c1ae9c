import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { checkOptions, COUNT, oneOf, type OptionKinds } from '../errors/check-options';
import { decodeJpeg, isJpeg } from './decode-jpeg';
import { decodePng, type Pixels } from './decode-png';
import { ImageFileError, ImageFolderError } from './errors';
import { type ImageSet, LabeledData } from './labeled-data';
import { readDataFile } from './read-data-file';
import { type ImageValues, resizedImage } from './resized-image';

export interface ImageOptions {
  /** What lies behind transparent pixels, [r, g, b] from 0 to 255. Default: images with transparent pixels are refused. */
  background?: readonly [number, number, number];
}

export interface SingleImageOptions extends ImageOptions {
  /**
   * The size of the result, [height, width], or one number for both. The largest part of the image with these proportions is cut
   * from the center, and resized by a triangle filter that averages as it shrinks (Pillow's BILINEAR). Default: the image's own.
   */
  size?: number | readonly [height: number, width: number];
  /** Whether the channels come last, [H, W, C], or first, [C, H, W], as in PyTorch and most ONNX files. Default: 'NHWC'. */
  layout?: 'NHWC' | 'NCHW';
  /**
   * How many channels the result has. A gray image is repeated in all three; of a color image, 1 keeps its luma, 0.299 R +
   * 0.587 G + 0.114 B. Default: 1 if all pixels are gray, otherwise 3.
   */
  channels?: 1 | 3;
}

/** `data.image` makes no image with a longer side: it would take gigabytes. */
const LONGEST_SIDE = 8192;

const OPTIONS: OptionKinds = {
  background: {
    fits: color =>
      Array.isArray(color) &&
      color.length === 3 &&
      color.every(part => (part as number) >= 0 && (part as number) <= 255),
    wanted: 'a color [r, g, b] of numbers from 0 to 255, such as [255, 255, 255]',
  },
};

const isLength = (length: unknown): boolean => COUNT.fits(length) && (length as number) <= LONGEST_SIDE;

const SINGLE_OPTIONS: OptionKinds = {
  ...OPTIONS,
  size: {
    fits: size => isLength(size) || (Array.isArray(size) && size.length === 2 && size.every(isLength)),
    wanted: `a whole number of pixels from 1 to ${LONGEST_SIDE}, such as 224, or two of them, [height, width]`,
  },
  layout: oneOf('NHWC', 'NCHW'),
  channels: oneOf(1, 3),
};

/**
 * Reads one image, PNG or JPEG. A JPEG is turned upright as its Exif orientation says; it needs the native backend.
 *
 * @example
 * const photograph = await data.image('cat.jpg', { size: 224, layout: 'NCHW' }); // [3, 224, 224]
 *
 * @returns [H, W, C], or [C, H, W] with `layout: 'NCHW'`, float32 in 0…1; the caller disposes it. C is 1 if all pixels are gray
 *   and otherwise 3, unless `channels` is given. PNG of 16 bits keeps them.
 * @throws {DataFileError} if there is no such file, {ImageFileError} if it is no such image, {OptionError}
 */
export async function image(path: string, options: SingleImageOptions = {}): Promise<tf.Tensor3D> {
  checkOptions('data.image', options, SINGLE_OPTIONS);
  const file = await readDataFile(path, 'data.image');
  const pixels = await decoded(file, options).catch((error: Error) => {
    throw new ImageFileError(path, error.message);
  });
  const { size = [pixels.height, pixels.width], layout, channels = isGray(pixels) ? 1 : 3 } = options;
  const whole = valuesOf(pixels, channels);
  const { values, shape } = resizedImage(whole, typeof size === 'number' ? [size, size] : size);
  return tf.tidy(() => {
    const channelsLast = tf.tensor3d(values, [...shape]);
    return layout === 'NCHW' ? channelsLast.transpose<tf.Tensor3D>([2, 0, 1]) : channelsLast;
  });
}

/** The image in 0…1 with that many channels. */
function valuesOf(pixels: Pixels, channels: 1 | 3): ImageValues {
  const { width, height, data, white } = pixels;
  const values = new Float32Array(width * height * channels);
  const isLuma = channels === 1 && !isGray(pixels);
  for (let i = 0, to = 0; i < data.length; i += 4)
    if (isLuma) values[to++] = (0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]) / white;
    else for (let c = 0; c < channels; c++) values[to++] = data[i + c] / white;
  return { values, shape: [height, width, channels] };
}

/**
 * Reads the PNG and JPEG images of a folder, each as `data.image` does. Each subfolder is a class; without subfolders, the
 * images of the folder form one class. Classes and files are in alphabetical order. The images have one channel if all are gray,
 * and three otherwise.
 *
 * @throws {ImageFolderError} if there is no image, sizes differ, or a file is not an image; {OptionError}
 */
export async function images(folder: string, options: ImageOptions = {}): Promise<ImageSet> {
  checkOptions('data.images', options, OPTIONS);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new ImageFolderError(folder, error.message);
  });
  const classes = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  const names = classes.length > 0 ? classes.sort() : ['image'];
  const files = await Promise.all(
    names.map(name => imageFiles(classes.length > 0 ? join(folder, name) : folder)),
  );
  const all = await Promise.all(files.flat().map(path => inFolder(path, options)));
  if (all.length === 0)
    throw new ImageFolderError(folder, 'it contains no .png file and no .jpg or .jpeg file');
  const [{ width, height, white }] = all;
  assertAlike(all, files.flat());
  const channels = all.every(isGray) ? 1 : 3;
  const size = width * height * channels;
  const pixels = white === 255 ? new Uint8Array(all.length * size) : new Float32Array(all.length * size);
  all.forEach((one, i) => pixels.set(channelsOf(one, channels), i * size));
  const labels = Int32Array.from(files.flatMap((list, label) => list.map(() => label)));
  return new LabeledData({ values: pixels, shape: [height, width, channels], labels, names, scale: white });
}

function assertAlike(all: readonly Pixels[], files: readonly string[]): void {
  const [{ width, height, white }] = all;
  const size = (one: Pixels): string => `${one.width} × ${one.height}`;
  const other = all.findIndex(one => one.width !== width || one.height !== height);
  if (other >= 0)
    throw new ImageFolderError(
      files[other],
      `it is ${size(all[other])}, but the first image is ${size(all[0])}`,
    );
  const deeper = all.findIndex(one => one.white !== white);
  if (deeper >= 0)
    throw new ImageFolderError(
      files[deeper],
      'it has another number of bits per channel than the first image',
    );
}

async function imageFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter(name => /\.(png|jpe?g)$/i.test(name))
    .sort()
    .map(name => join(folder, name));
}

async function inFolder(path: string, options: ImageOptions): Promise<Pixels> {
  try {
    return await decoded(await readFile(path), options);
  } catch (error) {
    throw new ImageFolderError(path, (error as Error).message);
  }
}

/** @throws an Error that states what is wrong, for the caller to wrap */
async function decoded(file: Buffer, { background }: ImageOptions): Promise<Pixels> {
  const kind = isJpeg(file) ? 'JPEG' : 'PNG';
  let pixels: Pixels;
  try {
    pixels = kind === 'JPEG' ? await decodeJpeg(file) : decodePng(file);
  } catch (error) {
    throw new Error(`it is not a ${kind} image that can be read (${(error as Error).message})`, {
      cause: error,
    });
  }
  return opaque(pixels, background);
}

/** The pixels on a background. */
function opaque(pixels: Pixels, background: ImageOptions['background']): Pixels {
  const { data, white } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === white) continue;
    if (!background)
      throw new Error(
        'it has transparent pixels; give the color behind them, such as { background: [255, 255, 255] }',
      );
    const share = data[i + 3] / white;
    for (let c = 0; c < 3; c++)
      data[i + c] = Math.round(share * data[i + c] + (1 - share) * background[c] * (white / 255));
  }
  return pixels;
}

function isGray({ data }: Pixels): boolean {
  for (let i = 0; i < data.length; i += 4)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

function channelsOf({ data }: Pixels, channels: number): Pixels['data'] {
  return data.filter((_, i) => i % 4 < channels);
}

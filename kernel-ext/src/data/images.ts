import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePng, type Pixels } from './decode-png';
import { ImageFolderError } from './errors';
import { type ImageSet, LabeledData } from './labeled-data';

/**
 * Reads the PNG images of a folder. Each subfolder is a class; without subfolders, the images of the folder form one class.
 * Classes and files are in alphabetical order. The images have one channel if all are gray, and three otherwise.
 *
 * @throws {ImageFolderError} if there is no image, sizes differ, or a file is not a PNG.
 */
export async function images(folder: string): Promise<ImageSet> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new ImageFolderError(folder, error.message);
  });
  const classes = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  const names = classes.length > 0 ? classes.sort() : ['image'];
  const files = await Promise.all(
    names.map(name => pngFiles(classes.length > 0 ? join(folder, name) : folder)),
  );
  const decoded = await Promise.all(files.flat().map(decode));
  if (decoded.length === 0) throw new ImageFolderError(folder, 'it contains no .png file');
  const [{ width, height }] = decoded;
  const other = decoded.findIndex(image => image.width !== width || image.height !== height);
  if (other >= 0) {
    const size = `${decoded[other].width} × ${decoded[other].height}`;
    throw new ImageFolderError(
      files.flat()[other],
      `it is ${size}, but the first image is ${width} × ${height}`,
    );
  }
  const channels = decoded.every(isGrey) ? 1 : 3;
  const size = width * height * channels;
  const pixels = new Uint8Array(decoded.length * size);
  decoded.forEach((image, i) => pixels.set(channelsOf(image, channels), i * size));
  const labels = Uint8Array.from(files.flatMap((list, label) => list.map(() => label)));
  return new LabeledData({ values: pixels, shape: [height, width, channels], labels, names, scale: 255 });
}

async function pngFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter(name => name.toLowerCase().endsWith('.png'))
    .sort()
    .map(name => join(folder, name));
}

async function decode(path: string): Promise<Pixels> {
  try {
    return decodePng(await readFile(path));
  } catch (error) {
    throw new ImageFolderError(path, `it is not a PNG image (${(error as Error).message})`);
  }
}

function isGrey({ data }: Pixels): boolean {
  for (let i = 0; i < data.length; i += 4)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

function channelsOf({ data }: Pixels, channels: number): Uint8Array {
  return data.filter((_, i) => i % 4 < channels);
}

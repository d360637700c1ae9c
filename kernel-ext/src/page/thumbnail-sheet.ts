import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../tsne';
import { fitted, imageShape, inputImage, inputRange } from '../payload';
import { inputPicture, type Picture } from './picture';
import { grid, toPng } from './png';

/** Images with a longer side than this are shrunk to fit a square of `SIDE` pixels. */
const LARGEST = 64;
const SIDE = 32;

/** Small images of points in one PNG, row by row. */
export interface ThumbnailSheet {
  height: number;
  width: number;
  /** true: ink on white; false: colors. */
  inked: boolean;
  png: Buffer;
}

/**
 * @param points indices of the data
 * @returns null if the points are not images
 */
export async function thumbnailSheet(
  embedding: Embedding,
  points: readonly number[],
  columns: number,
): Promise<ThumbnailSheet | null> {
  const shape = embedding.points.shape.slice(1);
  if (points.length === 0 || !imageShape(shape)) return null;
  const some = embedding.pick(points);
  const values = (await some.data()) as Float32Array;
  tf.dispose(some);
  const size = values.length / points.length;
  const range = inputRange(values);
  const longest = Math.max(shape[0], shape[1]);
  const side = longest <= LARGEST ? longest : SIDE;
  const pictures = points.map((_, i): Picture => {
    const image = inputImage(values.subarray(i * size, (i + 1) * size), shape)!;
    return inputPicture(fitted(image, side), range);
  });
  const { height, width } = pictures[0];
  return { height, width, inked: shape[2] !== 3, png: toPng(grid(pictures, columns, 0)) };
}

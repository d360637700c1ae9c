import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { fitted, imageShape, inputImage, inputRange } from '../payload';
import { inputPicture, type Picture } from './picture';
import { grid, toPng } from './png';

/** Images whose longest side exceeds this are shrunk to fit a square of `SIDE` pixels. */
const LARGEST = 64;
const SIDE = 32;

/** Thumbnails of points in one PNG, row by row. */
export interface ThumbnailSheet {
  height: number;
  width: number;
  /** true: ink on white; false: colors. */
  inked: boolean;
  png: Buffer;
}

/** Points that can be picked by their indices; an embedding, for example. */
interface Points {
  /** [N, ...instance] */
  readonly points: Tensor;
  /** @returns [M, ...instance]; the caller disposes it. */
  pick(indices: readonly number[]): Tensor;
}

/**
 * @param indices which points
 * @returns null if the points are not images
 */
export async function thumbnailSheet(
  from: Points,
  indices: readonly number[],
  columns: number,
): Promise<ThumbnailSheet | null> {
  const shape = from.points.shape.slice(1);
  if (indices.length === 0 || !imageShape(shape)) return null;
  const some = from.pick(indices);
  const values = (await some.data()) as Float32Array;
  tf.dispose(some);
  const size = values.length / indices.length;
  const range = inputRange(values);
  const longest = Math.max(shape[0], shape[1]);
  const side = longest <= LARGEST ? longest : SIDE;
  const pictures = indices.map((_, i): Picture => {
    const image = inputImage(values.subarray(i * size, (i + 1) * size), shape)!;
    return inputPicture(fitted(image, side), range);
  });
  const { height, width } = pictures[0];
  return { height, width, inked: shape[2] !== 3, png: toPng(grid(pictures, columns, 0)) };
}

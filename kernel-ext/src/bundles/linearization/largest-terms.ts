import { imageShape } from '../../payload/image';
import { selectedArrays } from './plates';
import type { LinearizationPayload } from '../../payload/linearization';

/** One summand of W_c·x. */
export interface Term {
  /** Where it stands in x, for example `x[3]`. */
  name: string;
  x: number;
  w: number;
  product: number;
}

const MOST_TERMS = 10;

/**
 * The largest summands of W_c·x for an input that is not an image, and what the others sum to.
 * @returns null for images, which are shown as such
 */
export function largestTerms(
  payload: LinearizationPayload,
): { shown: Term[]; others: number; othersSum: number } | null {
  const { shape } = payload.input;
  if (imageShape(shape)) return null;
  const { x, w, contribution } = selectedArrays(payload);
  const order = [...contribution.keys()].sort(
    (i, j) => Math.abs(contribution[j]) - Math.abs(contribution[i]),
  );
  return {
    shown: order.slice(0, MOST_TERMS).map(i => ({
      name: payload.features?.[i] ?? `x[${position(i, shape).join(', ')}]`,
      x: x[i],
      w: w[i],
      product: contribution[i],
    })),
    others: Math.max(0, order.length - MOST_TERMS),
    othersSum: order.slice(MOST_TERMS).reduce((sum, i) => sum + contribution[i], 0),
  };
}

/** The index of entry i on each axis. */
function position(i: number, shape: readonly number[]): number[] {
  return shape.reduceRight<{ left: number; index: number[] }>(
    ({ left, index }, length) => ({ left: Math.floor(left / length), index: [left % length, ...index] }),
    { left: i, index: [] },
  ).index;
}

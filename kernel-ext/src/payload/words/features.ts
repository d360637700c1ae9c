import { product } from '../pictures/image-shape';
import type { SignFilter } from '../pictures/colors';
import { entryName } from './entry-name';

/** One entry of an input and what it adds: a summand of W_c·x. */
export interface Feature {
  /** Its index in x. */
  index: number;
  /** Its own name, or its position, for example `x[3]`. */
  name: string;
  x: number;
  w: number;
  contribution: number;
}

export interface Features {
  /** The largest contributions, largest first. */
  shown: Feature[];
  /** How many others there are, and their sum. */
  others: number;
  othersSum: number;
  /** The largest shown |contribution|. */
  limit: number;
}

/** An input of any shape, whose entries may have names. */
export interface NamedInput {
  input: { values: Float32Array; shape: readonly number[] };
  /** [D]; undefined if the entries have no names of their own. */
  features?: readonly string[];
}

/** The entries of an input that contribute most to an output. @param w its row of W */
export function largestFeatures(
  w: Float32Array,
  { input: { values: x, shape }, features }: NamedInput,
  sign: SignFilter,
  most: number,
): Features {
  const contributions = product(w, x);
  const kept = [...contributions.keys()].filter(i => {
    if (sign === 'all') return true;
    return sign === 'positive' ? contributions[i] > 0 : contributions[i] < 0;
  });
  kept.sort((i, j) => Math.abs(contributions[j]) - Math.abs(contributions[i]));
  const top = kept.slice(0, most);
  return {
    shown: top.map(i => ({
      index: i,
      name: entryName(i, shape, features),
      x: x[i],
      w: w[i],
      contribution: contributions[i],
    })),
    others: kept.length - top.length,
    othersSum: kept.slice(most).reduce((sum, i) => sum + contributions[i], 0),
    limit: Math.abs(contributions[top[0]] ?? 0),
  };
}

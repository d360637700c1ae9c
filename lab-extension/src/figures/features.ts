import { entryName as nameAt } from 'piecewise/payload';
import type { SignFilter } from './color-scale';
import { product } from './image-shape';

/** One entry of a vector input. */
export interface Feature {
  /** Its position in x. */
  index: number;
  name: string;
  x: number;
  w: number;
  contribution: number;
}

export interface Features {
  /** The largest contributions, largest first. */
  shown: Feature[];
  /** How many more there are, and their sum. */
  others: number;
  othersSum: number;
  /** The largest |contribution| shown. */
  limit: number;
}

/**
 * The entries of an input of any shape that contribute most to the subject.
 * @param w one row of W, [D]
 * @param most how many entries to list
 */
export function largestFeatures(
  w: Float32Array,
  { input, features }: Named,
  sign: SignFilter,
  most: number,
): Features {
  const x = input.values;
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
      name: entryName(i, { input, features }),
      x: x[i],
      w: w[i],
      contribution: contributions[i],
    })),
    others: kept.length - top.length,
    othersSum: kept.slice(most).reduce((sum, i) => sum + contributions[i], 0),
    limit: Math.abs(contributions[top[0]] ?? 0),
  };
}

/** An input whose entries may have names. */
interface Named {
  input: { shape: readonly number[]; values: Float32Array };
  /** [D]; undefined: the entries have no names of their own. */
  features?: readonly string[];
}

/** The name of entry i of an input: its own, or its position, `x[2, 0]`. */
export const entryName = (i: number, { input, features }: Named): string => nameAt(i, input.shape, features);

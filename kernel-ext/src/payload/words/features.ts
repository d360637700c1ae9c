import { product } from '../pictures/image-shape';
import type { SignFilter } from '../pictures/colors';
import type { Signal } from '../pictures/signal-shape';
import { entryName } from './entry-name';
import { signalEntry } from './signal-names';

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
  /** Absent or null: the input is no signal. */
  signal?: Signal | null;
}

/** The name of entry i of an input: its own one, its channel and time in a signal, or its position. */
export const nameOfEntry = (i: number, { input, features, signal }: NamedInput): string =>
  signal && !features ? signalEntry(i, signal) : entryName(i, input.shape, features);

/** The entries of an input that contribute most to an output. @param w its row of W */
export function largestFeatures(
  w: Float32Array,
  named: NamedInput,
  sign: SignFilter,
  most: number,
): Features {
  const x = named.input.values;
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
      name: nameOfEntry(i, named),
      x: x[i],
      w: w[i],
      contribution: contributions[i],
    })),
    others: kept.length - top.length,
    othersSum: kept.slice(most).reduce((sum, i) => sum + contributions[i], 0),
    limit: Math.abs(contributions[top[0]] ?? 0),
  };
}

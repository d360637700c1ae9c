import type { Decomposition } from '../decomposition/decomposition';

/** From and to, as shares of the width, left to right. */
export type Extent = readonly [number, number];

/** One class as a bar: negative | positive contributions from a common zero, b at the end to which it pushes. */
export interface ClassBar {
  index: number;
  label: string;
  logit: number;
  negative: Extent;
  positive: Extent;
  bias: Extent;
  /** Where the logit lies on the same scale. */
  tick: number;
}

export interface ClassBars {
  /** Where zero lies, as a share of the width. */
  zero: number;
  bars: ClassBar[];
}

/** The bars of `classes`, all on one scale, which is that of all classes: it does not jump when more are shown. */
export function classBars(d: Decomposition, classes: readonly number[]): ClassBars {
  const { output, bias, positive, negative } = d;
  const low = output.reduce((end, y, c) => Math.min(end, negative[c] + Math.min(0, bias[c]), y), 0);
  const high = output.reduce((end, y, c) => Math.max(end, positive[c] + Math.max(0, bias[c]), y), 0);
  const span = high - low || 1;
  const at = (value: number) => (value - low) / span;
  return {
    zero: at(0),
    bars: classes.map(c => ({
      index: c,
      label: d.labels[c],
      logit: output[c],
      negative: [at(negative[c]), at(0)],
      positive: [at(0), at(positive[c])],
      bias:
        bias[c] < 0
          ? [at(negative[c] + bias[c]), at(negative[c])]
          : [at(positive[c]), at(positive[c] + bias[c])],
      tick: at(output[c]),
    })),
  };
}

/** Classes in the order in which they are listed: as numbered if few, by logit if many, and then only the first. */
export function listedClasses(output: readonly number[], selected: number, most: number): number[] {
  const all = output.map((_, c) => c);
  if (output.length <= most) return all;
  const top = all.sort((i, j) => output[j] - output[i]).slice(0, most);
  return top.includes(selected) ? top : [...top.slice(0, -1), selected];
}

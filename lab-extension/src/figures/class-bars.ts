import type { ClassSums, Decomposition } from 'piecewise/payload';

/** From and to, as shares of the width, left to right. */
export type Extent = readonly [number, number];

/** One class as a bar: negative and positive contributions on either side of a common zero, and b beyond the side to which it pushes. */
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

type Facts = Pick<Decomposition, 'labels' | 'output' | 'bias' | 'linear'>;

export interface ClassBars {
  /** Where zero lies, as a share of the width. */
  zero: number;
  bars: ClassBar[];
}

/**
 * The bars of `classes`, on the scale of all classes, so that nothing jumps when more are shown.
 * @param sumsOf the sums of a class; null where they are not known, so that its W·x is one bar
 */
export function classBars(
  { labels, output, bias, linear }: Facts,
  sumsOf: (c: number) => ClassSums | null,
  classes: readonly number[],
): ClassBars {
  const ends = output.map((_, c) => {
    const sums = sumsOf(c);
    return {
      positive: sums?.positive ?? Math.max(0, linear[c]),
      negative: sums?.negative ?? Math.min(0, linear[c]),
    };
  });
  const low = output.reduce((end, y, c) => Math.min(end, ends[c].negative + Math.min(0, bias[c]), y), 0);
  const high = output.reduce((end, y, c) => Math.max(end, ends[c].positive + Math.max(0, bias[c]), y), 0);
  const span = high - low || 1;
  const at = (value: number) => (value - low) / span;
  return {
    zero: at(0),
    bars: classes.map(c => {
      const { positive, negative } = ends[c];
      return {
        index: c,
        label: labels[c],
        logit: output[c],
        negative: [at(negative), at(0)],
        positive: [at(0), at(positive)],
        bias: bias[c] < 0 ? [at(negative + bias[c]), at(negative)] : [at(positive), at(positive + bias[c])],
        tick: at(output[c]),
      };
    }),
  };
}

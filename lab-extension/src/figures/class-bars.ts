import type { LinearizationPayload } from 'piecewise/payload';

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

type Sums = Pick<LinearizationPayload, 'labels' | 'output' | 'bias' | 'positive' | 'negative'>;

export interface ClassBars {
  /** Where zero lies, as a share of the width. */
  zero: number;
  bars: ClassBar[];
}

/** The bars of `classes`, on the scale of all classes, so that nothing jumps when more are shown. */
export function classBars(d: Sums, classes: readonly number[]): ClassBars {
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

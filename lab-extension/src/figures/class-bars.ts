import type { Decomposition } from 'piecewise/payload';
import type { Instance } from './instance';

/** From and to, as shares of the width, left to right. */
export type Extent = readonly [number, number];

/** One class as a bar: negative and positive contributions on either side of a common zero, and b beyond the side to which it pushes. */
export interface ClassBar {
  index: number;
  label: string;
  /** What the network gives; null while it has not answered. */
  output: number | null;
  /** W·x + b; null where it is not known. */
  predicted: number | null;
  negative: Extent;
  positive: Extent;
  bias: Extent;
  /** Where the output and W·x + b lie on the same scale; null where they are not known. */
  tick: number | null;
  mark: number | null;
  /** At x, behind an edited x′: from all that takes away to all that adds, and the tick. */
  ghost: { extent: Extent; tick: number } | null;
}

type Facts = Pick<Decomposition, 'labels' | 'bias'>;

export interface ClassBars {
  /** Where zero lies, as a share of the width. */
  zero: number;
  bars: ClassBar[];
}

interface Ends {
  output: number | null;
  predicted: number | null;
  positive: number;
  negative: number;
  low: number;
  high: number;
}

/**
 * The bars of `classes`, on the scale of all classes, so that nothing jumps when more are shown. A class whose sums are not
 * known has one bar for W·x.
 * @param shown the instance that the bars belong to
 * @param ghost x, where `shown` is an edited x′; null: `shown` is x
 */
export function classBars(
  { labels, bias }: Facts,
  shown: Instance,
  classes: readonly number[],
  ghost: Instance | null = null,
): ClassBars {
  const ends = labels.map((_, c) => endsOf(shown, c, bias[c]));
  const behind = ghost && labels.map((_, c) => endsOf(ghost, c, bias[c]));
  const all = [...ends, ...(behind ?? [])];
  const low = all.reduce((end, { low }) => Math.min(end, low), 0);
  const high = all.reduce((end, { high }) => Math.max(end, high), 0);
  const span = high - low || 1;
  const at = (value: number) => (value - low) / span;
  const orNone = (value: number | null) => (value === null ? null : at(value));
  return {
    zero: at(0),
    bars: classes.map(c => {
      const { positive, negative, output, predicted } = ends[c];
      const old = behind?.[c];
      return {
        index: c,
        label: labels[c],
        output,
        predicted,
        negative: [at(negative), at(0)],
        positive: [at(0), at(positive)],
        bias: bias[c] < 0 ? [at(negative + bias[c]), at(negative)] : [at(positive), at(positive + bias[c])],
        tick: orNone(output),
        mark: orNone(predicted),
        ghost: old ? { extent: [at(old.negative), at(old.positive)], tick: at(old.output!) } : null,
      };
    }),
  };
}

function endsOf(instance: Instance, c: number, bias: number): Ends {
  const sums = instance.sums(c);
  const linear = instance.linear(c);
  const positive = sums?.positive ?? Math.max(0, linear ?? 0);
  const negative = sums?.negative ?? Math.min(0, linear ?? 0);
  const output = instance.output && instance.output[c];
  const predicted = linear === null ? null : linear + bias;
  return {
    output,
    predicted,
    positive,
    negative,
    low: Math.min(negative + Math.min(0, bias), output ?? 0),
    high: Math.max(positive + Math.max(0, bias), output ?? 0),
  };
}

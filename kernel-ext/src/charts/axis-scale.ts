import { ticks, tickStep } from 'd3-array';
import { powerOfTen } from '../payload/words/numbers';
import type { Axis } from './chart';
import { rangeOf } from './range-of';

export interface Tick {
  at: number;
  text: string;
}

/** Turns values into pixels between two ends; with the ticks of its axis. */
export interface AxisScale {
  (value: number): number;
  ticks: readonly Tick[];
}

/** About how many ticks an axis has. */
const TICKS = 8;
/** Free space at each end, as a fraction of the range. */
const PADDING = 0.04;

/** The scale of an axis that covers all `values` and leaves a little space at its ends. */
export function axisScale(
  axis: Axis,
  values: readonly number[],
  [start, end]: readonly [number, number],
): AxisScale {
  const { low, high, ticks: marked } = spanOf(axis, values);
  const turn = axis.log ? Math.log10 : (value: number) => value;
  const [from, to] = [turn(low), turn(high)];
  const [first, last] = axis.downward ? [end, start] : [start, end];
  const scale = (value: number): number => first + ((turn(value) - from) / (to - from)) * (last - first);
  return Object.assign(scale, { ticks: marked });
}

/** The values at the ends of an axis, and its ticks. */
interface Span {
  low: number;
  high: number;
  ticks: Tick[];
}

function spanOf(axis: Axis, values: readonly number[]): Span {
  if (axis.log) return logarithmic(values);
  return axis.categories ? categorical(axis.categories) : linear(values, axis);
}

const categorical = (names: readonly string[]): Span => ({
  low: -0.5,
  high: names.length - 0.5,
  ticks: names.map((text, at) => ({ at, text })),
});

function linear(values: readonly number[], { isWhole, isTight }: Axis): Span {
  const { low, high } = rangeOf(values, { low: 0, high: 1 });
  const padding = isTight ? 0 : (high - low || Math.abs(high) || 1) * PADDING;
  // An axis ends at zero if no value lies beyond it.
  const from = low === 0 ? 0 : low - padding;
  const to = high === 0 && low < 0 ? 0 : high + padding;
  const step = Math.max(isWhole ? 1 : 0, tickStep(from, to, TICKS));
  const at = ticks(from, to, TICKS).filter(tick => !isWhole || Number.isInteger(tick));
  return { low: from, high: to, ticks: at.map(tick => ({ at: tick, text: tickText(tick, step) })) };
}

function logarithmic(values: readonly number[]): Span {
  const { low, high } = rangeOf(
    values.filter(value => value > 0),
    { low: 1, high: 1 },
  );
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const padding = (to - from || 1) * PADDING;
  const [first, last] = [Math.ceil(from - padding), Math.floor(to + padding)];
  const every = Math.max(1, Math.ceil((last - first + 1) / TICKS));
  const multiples = last - first >= 2 ? [1] : [1, 2, 5];
  const marked: Tick[] = [];
  for (let power = first - 1; power <= last; power += every)
    for (const multiple of multiples) {
      const at = multiple * 10 ** power;
      if (Math.log10(at) >= from - padding && Math.log10(at) <= to + padding)
        marked.push({ at, text: tickText(at, at) });
    }
  return { low: 10 ** (from - padding), high: 10 ** (to + padding), ticks: marked };
}

/** As many decimals as the step between ticks needs; very large and very small numbers with a power of ten. */
function tickText(value: number, step: number): string {
  const size = Math.abs(value);
  const minus = value < 0 ? '−' : '';
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const mantissa = Number((size / 10 ** exponent).toPrecision(4));
    return `${minus}${mantissa === 1 ? '' : `${mantissa}·`}${powerOfTen(exponent)}`;
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (
    minus + size.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  );
}

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

/** A tick at zero between finer steps is written without decimals. */
const SMALLEST_STEP = 1e-4;
/** A number of float64 has no more digits. */
const MOST_DIGITS = 17;
/** Numbers beyond these are multiplied by a power of ten first, so that their differences neither overflow nor vanish. */
const LARGEST = 1e300;
const SMALLEST = 1e-280;
const SHIFT = 30;

/** The scale of an axis that covers all `values` and leaves a little space at its ends. */
export function axisScale(
  axis: Axis,
  values: readonly number[],
  [start, end]: readonly [number, number],
): AxisScale {
  const { turn, from, to, ticks: marked } = spanOf(axis, values);
  const [first, last] = axis.downward ? [end, start] : [start, end];
  const scale = (value: number): number => first + ((turn(value) - from) / (to - from)) * (last - first);
  return Object.assign(scale, { ticks: marked });
}

/** What an axis covers: values, turned into numbers that are drawn in proportion, between two ends. */
interface Span {
  turn(value: number): number;
  from: number;
  to: number;
  ticks: Tick[];
}

function spanOf(axis: Axis, values: readonly number[]): Span {
  if (axis.log) return logarithmic(values);
  return axis.categories ? categorical(axis.categories) : linear(values, axis);
}

const asItIs = (value: number): number => value;

const categorical = (names: readonly string[]): Span => ({
  turn: asItIs,
  from: -0.5,
  to: names.length - 0.5,
  ticks: names.map((text, at) => ({ at, text })),
});

function linear(values: readonly number[], { isWhole, isTight }: Axis): Span {
  const range = rangeOf(values, { low: 0, high: 1 });
  const shift = shiftFor(Math.max(Math.abs(range.low), Math.abs(range.high)));
  const turn = shift === 0 ? asItIs : (value: number) => value * 10 ** shift;
  const [low, high] = [turn(range.low), turn(range.high)];
  const padding = isTight ? 0 : (high - low || Math.abs(high) || 1) * PADDING;
  // An axis ends at zero if no value lies beyond it.
  const from = low === 0 ? 0 : low - padding;
  const to = high === 0 && low < 0 ? 0 : high + padding;
  const step = Math.max(isWhole ? 1 : 0, tickStep(from, to, TICKS));
  const marked = [...new Set(ticks(from, to, TICKS))]
    .filter(tick => !isWhole || Number.isInteger(tick))
    .map(tick => ({ at: tick / 10 ** shift, text: tickText(tick, step, shift) }));
  return { turn, from, to, ticks: marked.filter(({ at }) => Number.isFinite(at)) };
}

function shiftFor(size: number): number {
  if (size > LARGEST) return -SHIFT;
  return size !== 0 && size < SMALLEST ? SHIFT : 0;
}

function logarithmic(values: readonly number[]): Span {
  const { low, high } = rangeOf(
    values.filter(value => value > 0),
    { low: 1, high: 1 },
  );
  const padding = (Math.log10(high) - Math.log10(low) || 1) * PADDING;
  const [from, to] = [Math.log10(low) - padding, Math.log10(high) + padding];
  const [first, last] = [Math.ceil(from), Math.floor(to)];
  const every = Math.max(1, Math.ceil((last - first + 1) / TICKS));
  const multiples = last - first >= 2 ? [1] : [1, 2, 5];
  const marked: Tick[] = [];
  for (let power = first - 1; power <= last; power += every)
    for (const multiple of multiples) {
      const at = multiple * 10 ** power;
      if (Math.log10(at) >= from && Math.log10(at) <= to) marked.push({ at, text: tickText(at, at) });
    }
  return { turn: Math.log10, from, to, ticks: marked };
}

/**
 * As many digits as the step between ticks needs; very large and very small numbers with a power of ten.
 * @param shift the number of the tick is this many powers of ten smaller than `value`
 */
function tickText(value: number, step: number, shift = 0): string {
  const size = Math.abs(value);
  if (size === 0 && (shift !== 0 || step < SMALLEST_STEP)) return '0';
  const minus = value < 0 ? '−' : '';
  if (size !== 0 && (shift !== 0 || size >= 1e6 || size < 1e-3)) {
    const exponent = powerBelow(size);
    const digits = Math.max(1, Math.min(MOST_DIGITS, exponent - powerBelow(step) + 1));
    const mantissa = Number((size / 10 ** exponent).toPrecision(digits));
    return `${minus}${mantissa === 1 ? '' : `${mantissa}·`}${powerOfTen(exponent - shift)}`;
  }
  const decimals = Math.max(0, -powerBelow(step));
  return (
    minus + size.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  );
}

/** The exponent of the largest power of ten that is not above a number. */
const powerBelow = (size: number): number => Math.floor(Math.log10(size) + 1e-9);

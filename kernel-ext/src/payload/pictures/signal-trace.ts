import { type Range, rangeOf } from '../range';
import type { SignalShape } from './signal-shape';

/** Where one channel is drawn, in pixels of the picture. */
export interface Lane {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The lane of a single channel has this height; several share SHARED_HEIGHT pixels, unless that makes them too tall or too flat. */
const SINGLE_HEIGHT = 84;
const SHARED_HEIGHT = 216;
const TALLEST_LANE = 40;
const FLATTEST_LANE = 8;

/** The height in pixels of each of several channels below each other; 32 of them take 256 pixels. */
export const laneHeight = (channels: number): number =>
  channels === 1
    ? SINGLE_HEIGHT
    : Math.max(FLATTEST_LANE, Math.min(TALLEST_LANE, Math.floor(SHARED_HEIGHT / channels)));

/** The lanes of all channels, one below the other. */
export function lanesOf({ channels }: SignalShape, left: number, top: number, width: number): Lane[] {
  const height = laneHeight(channels);
  return Array.from({ length: channels }, (_, c) => ({ left, top: top + c * height, width, height }));
}

/** The numbers of each channel of a signal, [T] each. @param values [C, T] */
export const channelsOf = (values: Float32Array, { channels, steps }: SignalShape): Float32Array[] =>
  Array.from({ length: channels }, (_, c) => values.subarray(c * steps, (c + 1) * steps));

/** From the lowest to the highest value, with a twelfth of that on both sides; values that are all equal lie in the middle. */
export function traceRange(values: Float32Array): Range {
  const { low, high } = rangeOf(values);
  const room = (high - low || Math.abs(high) || 1) / 12;
  return { low: low - room, high: high + room };
}

/** How far from the top of a lane a value lies, in pixels of the picture. */
export const heightIn = ({ top, height }: Lane, value: number, { low, high }: Range): number =>
  top + ((high - value) / (high - low)) * height;

/**
 * One channel as a line, as the `d` of an SVG path. Each step is drawn at the middle of its column.
 * @param columns at most this many; a longer signal is drawn by the extremes of each column
 */
export function tracePath(values: Float32Array, range: Range, lane: Lane, columns: number): string {
  const steps = columnsOf(values, columns).flatMap(({ least, most }) =>
    least === most ? [least] : [Math.min(least, most), Math.max(least, most)],
  );
  const x = (t: number): number => px(lane.left + ((t + 0.5) / values.length) * lane.width);
  const y = (t: number): number => px(heightIn(lane, values[t], range));
  const moves = steps.slice(1).map((t, i) => `${px(x(t) - x(steps[i]))} ${px(y(t) - y(steps[i]))}`);
  return `M${x(steps[0])} ${y(steps[0])}${moves.length > 0 ? `l${moves.join(' ')}` : ''}`;
}

/**
 * The values of one sign as bars from zero, as the `d` of an SVG path.
 * @param limit the value that reaches the edge of the lane
 * @param columns at most this many; of a longer signal, the largest value of each column is drawn
 */
export function barsPath(
  values: Float32Array,
  limit: number,
  lane: Lane,
  sign: 1 | -1,
  columns: number,
): string {
  const zero = lane.top + lane.height / 2;
  const scale = limit === 0 ? 0 : lane.height / 2 / limit;
  let [path, level] = ['', zero];
  for (const { from, to, least, most } of columnsOf(values, columns)) {
    const value = sign > 0 ? Math.max(0, values[most]) : Math.min(0, values[least]);
    const [start, end] = [from, to].map(t => px(lane.left + (t / values.length) * lane.width));
    const next = zero - scale * value;
    if (path === '') path = `M${start} ${px(zero)}`;
    if (px(next) !== px(level)) path += `H${start}V${px(next)}`;
    level = next;
    if (to === values.length) path += `H${end}V${px(zero)}Z`;
  }
  return path;
}

/** The steps of each column of the picture, and at which of them the value is least and most. */
function columnsOf(
  values: Float32Array,
  columns: number,
): { from: number; to: number; least: number; most: number }[] {
  const count = Math.min(values.length, columns);
  return Array.from({ length: count }, (_, k) => {
    const from = Math.floor((k * values.length) / count);
    const to = Math.floor(((k + 1) * values.length) / count);
    let [least, most] = [from, from];
    for (let t = from; t < to; t++) {
      if (values[t] < values[least]) least = t;
      if (values[t] > values[most]) most = t;
    }
    return { from, to, least, most };
  });
}

const px = (value: number): number => Math.round(value * 10) / 10;

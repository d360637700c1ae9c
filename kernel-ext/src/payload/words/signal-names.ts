import type { Signal } from '../pictures/signal-shape';
import { roundTicks } from '../pictures/ticks';
import { compact, decimalsFor, plain } from './numbers';

/** A name needs this many pixels. */
const NAME_HEIGHT = 12;

type TimeAxis = Pick<Signal, 'steps' | 'rate'>;

/** A moment of a signal: `step 37`, or `0.148 s` where the rate is known. */
const timeName = (step: number, axis: TimeAxis): string =>
  axis.rate === null ? `step ${step}` : `${secondsAt(step, axis.rate)} s`;

/** The name of entry i of a signal: its time, and its channel if there are several. */
export function signalEntry(i: number, signal: Signal): string {
  const time = timeName(i % signal.steps, signal);
  return signal.channels === 1 ? time : `${signal.names[Math.floor(i / signal.steps)]}, ${time}`;
}

/** A stretch of time, both ends included: `steps 10–19`, or `0.040–0.076 s`. */
export function stretchName(from: number, to: number, axis: TimeAxis): string {
  if (from === to) return timeName(from, axis);
  if (axis.rate === null) return `steps ${from}–${to}`;
  return `${secondsAt(from, axis.rate)}–${secondsAt(to, axis.rate)} s`;
}

/** Round moments of a time axis, in seconds or steps, and where they lie as a share of its length. */
export function timeTicks({ steps, rate }: TimeAxis, most: number): { text: string; share: number }[] {
  const perSecond = rate ?? 1;
  return roundTicks(0, (steps - 1) / perSecond, most)
    .filter(value => rate !== null || Number.isInteger(value))
    .map(value => ({ text: compact(value), share: (value * perSecond + 0.5) / steps }));
}

/** Evenly spaced channels whose names have room beside lanes of this height; a single channel needs no name. */
export function namedChannels({ channels }: Pick<Signal, 'channels'>, laneHeight: number): number[] {
  const every = Math.ceil(NAME_HEIGHT / laneHeight);
  return channels === 1 ? [] : [...Array(channels).keys()].filter(c => c % every === 0);
}

/** The time of a step in seconds, with as many decimals as one step needs. */
function secondsAt(step: number, rate: number): string {
  const size = Math.abs(step / rate);
  if (size >= 1e5 || rate > 1e6) return compact(step / rate);
  return plain(
    step / rate,
    Math.max(0, Math.min(6, rate <= 1 ? decimalsFor(1 / rate) : Math.ceil(Math.log10(rate)))),
  );
}

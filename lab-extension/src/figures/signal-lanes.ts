import {
  barsPath,
  channelsOf,
  heightIn,
  lanesOf,
  rangeOf,
  symmetricLimit,
  tracePath,
  traceRange,
  type Lane,
  type SignalShape,
} from 'piecewise/payload';

/** The width of the plane in which signals are drawn; the page stretches it to the space available. */
export const PLANE_WIDTH = 1000;

/** All channels together are drawn with about this many columns, each channel with at least FEWEST and at most MOST. */
const COLUMNS = 9600;
const FEWEST = 240;
const MOST = 1200;
const columnsFor = ({ channels }: SignalShape): number =>
  Math.min(MOST, Math.max(FEWEST, Math.floor(COLUMNS / channels)));

/** What is drawn of a signal: paths by what they are, each over all channels. */
export interface SignalLanes {
  zeros: string;
  line?: string;
  adds?: string;
  takes?: string;
  /** The range of a signed signal, or of an input of one channel; null: every channel has its own. */
  low: number | null;
  high: number | null;
}

const planeLanes = (signal: SignalShape): Lane[] => lanesOf(signal, 0, 0, PLANE_WIDTH);

/** An input as lines, each channel in its own range, with a zero line where zero lies in that range. */
export function inputLanes(values: Float32Array, signal: SignalShape): SignalLanes {
  const channels = channelsOf(values, signal);
  const lanes = planeLanes(signal);
  const columns = columnsFor(signal);
  const ranges = channels.map(traceRange);
  const zeros = lanes.map((lane, c) =>
    ranges[c].low <= 0 && ranges[c].high >= 0 ? across(heightIn(lane, 0, ranges[c])) : '',
  );
  const { low, high } = signal.channels === 1 ? rangeOf(values) : { low: null, high: null };
  return {
    zeros: zeros.join(''),
    line: lanes.map((lane, c) => tracePath(channels[c], ranges[c], lane, columns)).join(''),
    low,
    high,
  };
}

/** Signed numbers as bars from zero, on one scale for all channels. @param withLine draws a line along the bars, too */
export function signedLanes(values: Float32Array, signal: SignalShape, withLine: boolean): SignalLanes {
  const limit = symmetricLimit(values);
  const lanes = planeLanes(signal);
  const columns = columnsFor(signal);
  const channels = channelsOf(values, signal);
  const bars = (sign: 1 | -1) =>
    lanes.map((lane, c) => barsPath(channels[c], limit, lane, sign, columns)).join('');
  const range = { low: -(limit || 1), high: limit || 1 };
  return {
    zeros: lanes.map(lane => across(lane.top + lane.height / 2)).join(''),
    adds: bars(1),
    takes: bars(-1),
    ...(withLine && { line: lanes.map((lane, c) => tracePath(channels[c], range, lane, columns)).join('') }),
    low: -limit,
    high: limit,
  };
}

const across = (y: number): string => `M0 ${y}H${PLANE_WIDTH}`;

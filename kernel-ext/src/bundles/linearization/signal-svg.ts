import { css } from '../../page/theme-colors';
import { clipped, line, QUIET, svgPicture, textAt } from '../../page/svg-parts';
import {
  asSubscript,
  barsPath,
  bound,
  channelsOf,
  COLORS,
  type Decomposition,
  decimalsFor,
  heightIn,
  laneHeight,
  type Lane,
  lanesOf,
  namedChannels,
  product,
  rangeOf,
  type Signal,
  signed,
  symmetricLimit,
  timeTicks,
  tracePath,
  traceRange,
} from '../../payload';
import { selectedRow } from './selected-row';

/** Width of the lines, and of the names of channels to their left. */
const WIDTH = 480;
const NAMES = 76;
const LINE = 20;
const MOST_TICKS = 8;

/** Part of a picture, and the space that it takes. */
export interface Drawn {
  svg: string[];
  width: number;
  height: number;
}

/** x, W and W∘x of a signal over time, one below the other, with its upper left corner at (left, top). */
export function drawnSignal(
  decomposition: Decomposition,
  signal: Signal,
  left: number,
  top: number,
  columns: number,
): Drawn {
  const { x, w } = selectedRow(decomposition);
  const label = decomposition.labels[decomposition.first];
  const row = `W${asSubscript(label)}`;
  const start = left + (signal.channels === 1 ? 0 : NAMES);
  const step = signal.channels * laneHeight(signal.channels) + LINE + 8;
  const panel = (k: number, symbol: string, caption: string, ends: string, lines: string[]): string[] => [
    textAt(start, top + k * step + 12, symbol, { weight: 'bold' }),
    textAt(start + 12 + 8 * symbol.length, top + k * step + 12, clipped(caption, WIDTH - 200), {
      fill: QUIET,
    }),
    textAt(start + WIDTH, top + k * step + 12, ends, { fill: QUIET, anchor: 'end' }),
    ...channelNames(signal, start, top + k * step + LINE),
    ...lines,
  ];
  const at = (k: number) => lanesOf(signal, start, top + k * step + LINE, WIDTH);
  const whole = rangeOf(x);
  const inputEnds =
    signal.channels === 1 ? `${bound(whole.low)} … ${bound(whole.high)}` : 'each channel in its own range';
  return {
    svg: [
      ...panel(0, 'x', 'input', inputEnds, inputLines(x, signal, at(0), columns)),
      ...panel(1, row, `weight on ${label}`, endsOf(w), signedLines(w, signal, at(1), 0.35, columns)),
      ...panel(
        2,
        `${row}∘x`,
        `contribution to ${label}`,
        endsOf(product(w, x)),
        signedLines(product(w, x), signal, at(2), 1, columns),
      ),
      ...timeAxis(signal, start, top + 3 * step + 6),
    ],
    width: start - left + WIDTH,
    height: 3 * step + LINE,
  };
}

/** x, W and W∘x of a signal as a picture of its own. */
export function signalSvg(
  decomposition: Decomposition,
  signal: Signal,
  columns: number,
): { svg: string; width: number; height: number } {
  const { svg, ...size } = drawnSignal(decomposition, signal, 8, 4, columns);
  const [width, height] = [size.width + 20, size.height + 8];
  const alternative = `x, W and W∘x over ${signal.steps} steps, for ${decomposition.labels[decomposition.first]}`;
  return { svg: svgPicture({ width, height, alternative }, svg), width, height };
}

function inputLines(x: Float32Array, signal: Signal, lanes: readonly Lane[], columns: number): string[] {
  return channelsOf(x, signal).flatMap((values, c) => {
    const range = traceRange(values);
    const zero = range.low <= 0 && range.high >= 0 ? [zeroLine(lanes[c], heightIn(lanes[c], 0, range))] : [];
    return [...zero, path(tracePath(values, range, lanes[c], columns), { stroke: css(COLORS.ink) })];
  });
}

/** @param opacity of the bars; where it is below 1, a line runs along them */
function signedLines(
  all: Float32Array,
  signal: Signal,
  lanes: readonly Lane[],
  opacity: number,
  columns: number,
): string[] {
  const limit = symmetricLimit(all);
  return channelsOf(all, signal).flatMap((values, c) => {
    const lane = lanes[c];
    const bars = ([1, -1] as const).map(sign => {
      const fill = css(sign > 0 ? COLORS.adds : COLORS.takes);
      return path(barsPath(values, limit, lane, sign, columns), { fill, opacity });
    });
    const range = { low: -(limit || 1), high: limit || 1 };
    const along =
      opacity < 1 ? [path(tracePath(values, range, lane, columns), { stroke: css(COLORS.ink) })] : [];
    return [zeroLine(lane, lane.top + lane.height / 2), ...bars, ...along];
  });
}

const zeroLine = ({ left, width }: { left: number; width: number }, y: number): string =>
  line(left, y, left + width, y, css(COLORS.line));

function path(
  d: string,
  { fill = 'none', stroke, opacity = 1 }: { fill?: string; stroke?: string; opacity?: number },
): string {
  const look = stroke
    ? ` stroke="${stroke}" stroke-width="1"`
    : opacity < 1
      ? ` fill-opacity="${opacity}"`
      : '';
  return `<path d="${d}" fill="${fill}"${look}/>`;
}

function endsOf(values: Float32Array): string {
  const limit = symmetricLimit(values);
  const decimals = decimalsFor(limit);
  return `${signed(-limit, decimals)} … ${signed(limit, decimals)}`;
}

function channelNames(signal: Signal, right: number, top: number): string[] {
  const height = laneHeight(signal.channels);
  const style = { anchor: 'end', fill: QUIET, size: 11 } as const;
  return namedChannels(signal, height).map(c =>
    textAt(right - 8, top + (c + 0.5) * height + 4, clipped(signal.names[c], NAMES - 8), style),
  );
}

function timeAxis(signal: Signal, left: number, y: number): string[] {
  const ticks = timeTicks(signal, MOST_TICKS);
  return ticks.map(({ text, share }, i) => {
    const unit = i < ticks.length - 1 ? '' : signal.rate === null ? ' steps' : ' s';
    return textAt(left + share * WIDTH, y, `${text}${unit}`, { anchor: 'middle', fill: QUIET, size: 11 });
  });
}

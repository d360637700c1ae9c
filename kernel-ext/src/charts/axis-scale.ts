import type { Axis, Mark, Panel } from './chart';

export interface Tick {
  at: number;
  text: string;
}

/** From values to places between two pixels, with the ticks of its axis. */
export interface AxisScale {
  (value: number): number;
  ticks: readonly Tick[];
}

const TICKS = 6;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** The scale of an axis over all that the marks reach, a little wider. */
export function axisScale(
  axis: Axis,
  values: readonly number[],
  [start, end]: readonly [number, number],
): AxisScale {
  const { low, high, ticks } = axis.log
    ? logarithmic(values)
    : axis.categories
      ? places(axis)
      : linear(values, axis);
  const turn = axis.log ? Math.log10 : (value: number) => value;
  const [from, to] = [turn(low), turn(high)];
  const [first, last] = axis.downward ? [end, start] : [start, end];
  const scale = (value: number): number => first + ((turn(value) - from) / (to - from)) * (last - first);
  return Object.assign(scale, { ticks });
}

/** What the marks of a panel reach on each axis. */
export function reachOf({ marks }: Panel): { x: number[]; y: number[] } {
  const [x, y]: [number[], number[]] = [[], []];
  for (const mark of marks) {
    const reach = REACH[mark.type](mark as never);
    for (const value of reach.x) x.push(value);
    for (const value of reach.y) y.push(value);
  }
  return { x, y };
}

type Reach = { x: readonly number[]; y: readonly number[] };

const REACH: { [T in Mark['type']]: (mark: Extract<Mark, { type: T }>) => Reach } = {
  line: mark => mark,
  points: mark => mark,
  bars: ({ from, to, y }) => ({ x: [...from, ...to], y: [0, ...y] }),
  box: ({ at, low, high, outliers }) => ({ x: [at - 0.5, at + 0.5], y: [low, high, ...outliers] }),
  cells: ({ rows, columns }) => ({ x: [-0.5, columns - 0.5], y: [-0.5, rows - 0.5] }),
};

interface Span {
  low: number;
  high: number;
  ticks: Tick[];
}

function places({ categories }: Axis): Span {
  const names = categories!;
  return { low: -0.5, high: names.length - 0.5, ticks: names.map((text, at) => ({ at, text })) };
}

function linear(values: readonly number[], { isWhole, isTight }: Axis): Span {
  const { low, high } = extent(values);
  const spread = high - low || Math.abs(high) || 1;
  const step = Math.max(isWhole ? 1 : 0, niceStep(spread / TICKS));
  // Zero stays an edge where nothing lies beyond it.
  const pad = isTight ? 0 : spread * 0.04;
  const from = low === 0 ? 0 : low - pad;
  const to = high === 0 && low < 0 ? 0 : high + pad;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const at = Number(((first + i) * step).toPrecision(12));
    return { at, text: tickText(at, step) };
  });
  return { low: from, high: to, ticks };
}

function logarithmic(values: readonly number[]): Span {
  const { low, high } = extent(values.filter(value => value > 0));
  const [from, to] = [Math.log10(low > 0 ? low : 1), Math.log10(high > 0 ? high : 1)];
  const pad = (to - from || 1) * 0.04;
  const [first, last] = [Math.ceil(from - pad), Math.floor(to + pad)];
  const every = Math.max(1, Math.ceil((last - first + 1) / (TICKS + 2)));
  const parts = last - first >= 2 ? [1] : [1, 2, 5];
  const ticks: Tick[] = [];
  for (let power = first - 1; power <= last; power += every)
    for (const part of parts) {
      const at = part * 10 ** power;
      if (Math.log10(at) >= from - pad && Math.log10(at) <= to + pad)
        ticks.push({ at, text: tickText(at, at) });
    }
  return { low: 10 ** (from - pad), high: 10 ** (to + pad), ticks };
}

function extent(values: readonly number[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

/** Decimals as the step needs them; large and small numbers with a power of ten. */
function tickText(value: number, step: number): string {
  const size = Math.abs(value);
  const minus = value < 0 ? '−' : '';
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const mantissa = Number((size / 10 ** exponent).toPrecision(4));
    const power = [...String(Math.abs(exponent))].map(digit => SUPERSCRIPTS[Number(digit)]).join('');
    return `${minus}${mantissa === 1 ? '' : `${mantissa}·`}10${exponent < 0 ? '⁻' : ''}${power}`;
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (
    minus + size.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  );
}

import { css } from '../page/theme-colors';
import {
  type Axis,
  type Chart,
  type Mark,
  MOST_DOTS,
  MOST_WRITTEN_CELLS,
  type Panel,
  PANELS_PER_ROW,
  type Shades,
} from './chart';
import { extentsOf } from './mark-extents';
import { rangeOf } from './range-of';
import { shortNumber } from './short-number';
import { viridisScale } from './viridis';

/** A plotly.js figure. Lists may also be typed arrays or tensors. */
export interface PlotlyFigure {
  data: readonly object[];
  layout?: object;
  /** Options of the view, such as `{ staticPlot: true }`. */
  config?: object;
  /** The steps of an animation. */
  frames?: readonly object[];
}

/** Height of one row of panels in pixels. */
const PANEL_HEIGHT = 380;
/** Space between panels, as a fraction of the width. */
const GAP = 0.1;
/** An axis of whole numbers over a shorter range has a tick at each of them. */
const FEWEST_WHOLE = 10;
/** More points than this are drawn with WebGL. */
const MOST_SVG_POINTS = 5_000;

/** The chart as a plotly figure. Colors that the chart does not set are left to the theme of the page. */
export function chartFigure({ title, caption, panels }: Chart): PlotlyFigure {
  const rows = Math.ceil(panels.length / PANELS_PER_ROW);
  const named = panels.flatMap(({ marks }) => marks).filter(({ name }) => name !== undefined);
  const layout: Record<string, unknown> = {
    title: { text: text(title), subtitle: { text: text(caption) } },
    height: rows * PANEL_HEIGHT,
    showlegend: named.length > 0,
    barmode: 'overlay',
    hovermode: 'closest',
    margin: { t: panels.some(panel => panel.title) ? 112 : 84, r: 24 },
  };
  panels.forEach((panel, i) => {
    const nth = suffix(i);
    const domain = domainOf(i, panels.length);
    layout[`xaxis${nth}`] = {
      ...axis(panel.x),
      ...wholeTicks(panel.x, extentsOf(panel).x),
      domain: domain.x,
      anchor: `y${nth}`,
    };
    layout[`yaxis${nth}`] = {
      ...axis(panel.y),
      ...wholeTicks(panel.y, extentsOf(panel).y),
      domain: domain.y,
      anchor: `x${nth}`,
    };
    if (panel.shades) layout.coloraxis = colorAxis(panel.shades);
  });
  const titles = panels.flatMap(({ title: name }, i) =>
    name ? [panelTitle(name, domainOf(i, panels.length))] : [],
  );
  if (titles.length > 0) layout.annotations = titles;
  return { data: panels.flatMap((panel, i) => panel.marks.map(mark => trace(mark, panel, i))), layout };
}

const suffix = (i: number): string => (i === 0 ? '' : String(i + 1));

/** The part of the figure that a panel takes, from 0 to 1 in both directions. */
interface Domain {
  x: [number, number];
  y: [number, number];
}

function domainOf(i: number, count: number): Domain {
  const columns = Math.min(count, PANELS_PER_ROW);
  const rows = Math.ceil(count / PANELS_PER_ROW);
  const span = (k: number, of: number, gap: number): [number, number] => {
    const length = (1 - gap * (of - 1)) / of;
    return [k * (length + gap), Math.min(1, k * (length + gap) + length)];
  };
  return {
    x: span(i % PANELS_PER_ROW, columns, GAP),
    y: span(rows - 1 - Math.floor(i / PANELS_PER_ROW), rows, 2 * GAP),
  };
}

function panelTitle(name: string, { x, y }: Domain): object {
  return {
    text: text(name),
    x: x[0],
    y: y[1],
    xref: 'paper',
    yref: 'paper',
    xanchor: 'left',
    yanchor: 'bottom',
    showarrow: false,
    font: { size: 14 },
  };
}

function axis({ label, categories, log, downward }: Axis): object {
  return {
    title: { text: text(label) },
    ...(log && { type: 'log' }),
    ...(downward && { autorange: 'reversed' }),
    // plotly makes room for the names. The positions stay numbers, so that two categories may share a name.
    ...(categories && {
      tickvals: categories.map((_, i) => i),
      ticktext: categories.map(text),
      automargin: true,
    }),
  };
}

function colorAxis({ label, range, isSigned }: Shades): object {
  return {
    cmin: range.low,
    cmax: range.high,
    // A signed scale is left to the theme of the page, whose background color means zero.
    ...(isSigned ? { autocolorscale: true } : { colorscale: viridisScale() }),
    colorbar: { title: { text: text(label) }, thickness: 12 },
  };
}

/** Keeps plotly from putting ticks between whole numbers. */
function wholeTicks({ isWhole }: Axis, values: readonly number[]): object {
  const { low, high } = rangeOf(values);
  return isWhole && high - low < FEWEST_WHOLE ? { dtick: 1 } : {};
}

function trace(mark: Mark, panel: Panel, i: number): object {
  const axes = i === 0 ? {} : { xaxis: `x${suffix(i)}`, yaxis: `y${suffix(i)}` };
  const name =
    mark.name === undefined ? { showlegend: false } : { name: text(mark.name), legendgroup: text(mark.name) };
  return { ...axes, ...name, ...(i > 0 && { showlegend: false }), ...DRAWN[mark.type](mark as never, panel) };
}

type Drawn = { [T in Mark['type']]: (mark: Extract<Mark, { type: T }>, panel: Panel) => object };

const DRAWN: Drawn = {
  line: ({ x, y, color, isDashed }, panel) => ({
    type: 'scatter',
    mode: x.length > MOST_DOTS ? 'lines' : 'lines+markers',
    x: x.map(finite),
    y: y.map(finite),
    line: { color: css(color), width: 2, ...(isDashed && { dash: 'dash' }) },
    hovertemplate: hover(panel, '%{x}', '%{y}'),
  }),
  points: ({ x, y, color, names, shade }, panel) => ({
    type: x.length > MOST_SVG_POINTS ? 'scattergl' : 'scatter',
    mode: 'markers',
    x,
    y,
    ...(names && { text: names.map(text) }),
    marker: {
      size: x.length > 1_000 ? 4 : 7,
      opacity: 0.75,
      ...(shade ? { color: shade.map(finite), coloraxis: 'coloraxis' } : { color: css(color) }),
    },
    hovertemplate: (names ? '%{text}<br>' : '') + hover(panel, '%{x}', '%{y}'),
  }),
  bars: ({ from, to, y, color, isOverlay }, panel) => ({
    type: 'bar',
    x: from.map((start, k) => (start + to[k]) / 2),
    width: from.map((start, k) => to[k] - start),
    y: y.map(finite),
    marker: { color: css(color), ...(isOverlay && { opacity: 0.55 }) },
    text: panel.x.categories
      ? panel.x.categories.map(text)
      : from.map((start, k) => `${shortNumber(start)} … ${shortNumber(to[k])}`),
    textposition: 'none',
    hovertemplate: hover(panel, '%{text}', '%{y}'),
  }),
  box: ({ at, label, low, quartiles, high, outliers, color }) => ({
    type: 'box',
    name: text(label),
    x: [at],
    lowerfence: [low],
    q1: [quartiles[0]],
    median: [quartiles[1]],
    q3: [quartiles[2]],
    upperfence: [high],
    // Given an empty list of points, plotly.js would draw no box.
    ...(outliers.length > 0 ? { y: [outliers], boxpoints: 'outliers' } : { boxpoints: false }),
    width: 0.6,
    marker: { color: css(color) },
  }),
  cells: ({ rows, columns, values }, { x, y }) => {
    const z = Array.from({ length: rows }, (_, row) =>
      values.slice(row * columns, (row + 1) * columns).map(finite),
    );
    const isWritten = Math.max(rows, columns) <= MOST_WRITTEN_CELLS;
    return {
      type: 'heatmap',
      z,
      coloraxis: 'coloraxis',
      xgap: 1,
      ygap: 1,
      ...(isWritten && {
        text: z.map(row => row.map(value => (value === null ? '' : shortNumber(value)))),
        texttemplate: '%{text}',
      }),
      hovertemplate: `${hover({ x, y }, '%{x}', '%{y}')}<br>%{z}<extra></extra>`,
    };
  },
};

const hover = ({ x, y }: Pick<Panel, 'x' | 'y'>, across: string, up: string): string =>
  `${text(x.label)} ${across}<br>${text(y.label)} ${up}`;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Text that plotly shows as it is: plotly interprets some HTML and %{…}. */
const text = (raw: string): string =>
  raw
    .replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!)
    .replace(/%\{/g, '% {');

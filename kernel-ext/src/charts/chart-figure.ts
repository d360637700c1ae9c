import { css } from '../page/page-parts';
import { reachOf } from './axis-scale';
import type { Axis, Chart, Mark, Panel, Shades } from './chart';
import { rangeOf } from './series-charts';
import { viridisScale } from './viridis';

/** A figure of plotly.js as plain data. */
export interface PlotlyFigure {
  data: readonly object[];
  layout?: object;
}

/** Height of one row of panels in pixels; panels stand side by side in twos. */
const PANEL_HEIGHT = 380;
const PANELS_A_ROW = 2;
/** Part of the width that stays free between panels. */
const GAP = 0.1;
const FEWEST_WHOLE = 10;
/** Lines through up to so many places have a dot at each. */
export const MOST_DOTS = 30;
/** More points than this are drawn by WebGL. */
const MOST_SVG_POINTS = 5_000;
/** Cells up to here have their number written in them. */
export const MOST_WRITTEN_CELLS = 15;

/** The chart as a figure of plotly; colors that a chart does not choose are the page's. */
export function chartFigure({ title, caption, panels }: Chart): PlotlyFigure {
  const rows = Math.ceil(panels.length / PANELS_A_ROW);
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
    const place = placeOf(i, panels.length);
    layout[`xaxis${nth}`] = {
      ...axis(panel.x),
      ...wholeTicks(panel.x, reachOf(panel).x),
      domain: place.x,
      anchor: `y${nth}`,
    };
    layout[`yaxis${nth}`] = {
      ...axis(panel.y),
      ...wholeTicks(panel.y, reachOf(panel).y),
      domain: place.y,
      anchor: `x${nth}`,
    };
    if (panel.shades) layout.coloraxis = colorAxis(panel.shades);
  });
  const titles = panels.flatMap(({ title: name }, i) =>
    name ? [panelTitle(name, placeOf(i, panels.length))] : [],
  );
  if (titles.length > 0) layout.annotations = titles;
  return { data: panels.flatMap((panel, i) => panel.marks.map(mark => trace(mark, panel, i))), layout };
}

const suffix = (i: number): string => (i === 0 ? '' : String(i + 1));

function placeOf(i: number, count: number): { x: [number, number]; y: [number, number] } {
  const columns = Math.min(count, PANELS_A_ROW);
  const rows = Math.ceil(count / PANELS_A_ROW);
  const span = (k: number, of: number, gap: number): [number, number] => {
    const length = (1 - gap * (of - 1)) / of;
    return [k * (length + gap), Math.min(1, k * (length + gap) + length)];
  };
  return {
    x: span(i % PANELS_A_ROW, columns, GAP),
    y: span(rows - 1 - Math.floor(i / PANELS_A_ROW), rows, 2 * GAP),
  };
}

function panelTitle(name: string, { x, y }: { x: [number, number]; y: [number, number] }): object {
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
    // plotly lays names out so that they fit; the places beneath them stay numbers, so that two may share a name.
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
    // Around zero, the page chooses: zero is its color.
    ...(isSigned ? { autocolorscale: true } : { colorscale: viridisScale() }),
    colorbar: { title: { text: text(label) }, thickness: 12 },
  };
}

/** plotly puts ticks between whole numbers unless it is told not to. */
function wholeTicks({ isWhole }: Axis, reach: readonly number[]): object {
  const { low, high } = rangeOf(reach);
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
      : from.map((start, k) => `${short(start)} … ${short(to[k])}`),
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
    // With an empty list of points plotly.js would draw no box.
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
        text: z.map(row => row.map(value => (value === null ? '' : short(value)))),
        texttemplate: '%{text}',
      }),
      hovertemplate: `${hover({ x, y }, '%{x}', '%{y}')}<br>%{z}<extra></extra>`,
    };
  },
};

const hover = ({ x, y }: Pick<Panel, 'x' | 'y'>, across: string, up: string): string =>
  `${text(x.label)} ${across}<br>${text(y.label)} ${up}`;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Four digits, as they are read off. */
export const short = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

/** plotly reads some HTML and %{…} in texts: this has none of it. */
const text = (raw: string): string =>
  raw
    .replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!)
    .replace(/%\{/g, '% {');

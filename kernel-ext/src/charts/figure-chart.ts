import { barEdges } from './bar-edges';
import { binCounts, binEdges } from './bins';
import { boxOf } from './box-charts';
import { categoryPositions } from './category-positions';
import type { Axis, Chart, Mark } from './chart';
import type { PlotlyFigure } from './chart-figure';
import { seriesColor } from './groups';
import { matrixDrawing } from './heat-maps';
import { groupsOf } from './roles';
import { sortedFinite } from './sorted-finite';
import { isList, readColumn, type Column } from './table';
import { readNestedArray } from '../display/nested-array';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A plotly figure as a chart, which can be drawn without plotly.
 * @returns null unless every trace is a plain scatter, bar, histogram, box or heat map on the first pair of axes
 */
export function figureChart({ data, layout = {} }: PlotlyFigure): Chart | null {
  const traces = data.map(trace => trace as Fields);
  const first = traces[0];
  if (!first || traces.some(trace => !isPlain(trace))) return null;
  const axes = { x: axisOf(layout as Fields, 'xaxis'), y: axisOf(layout as Fields, 'yaxis') };
  const head = { title: textOf((layout as Fields).title) || 'Figure', caption: captionOf(traces) };
  if (first.type === 'heatmap') return traces.length === 1 ? heatMap(first, axes, head) : null;
  const columns = traces.map(trace => columnOf(trace, 'x'));
  const names = new Set(columns.flatMap(column => (column?.type === 'text' ? groupsOf(column) : [])));
  const categories =
    first.type === 'box' ? traces.map((trace, i) => nameOf(trace) ?? `trace ${i}`) : [...names];
  const bars = traces.filter(({ type }) => type === 'bar').length;
  let bar = 0;
  const marks = traces.map((trace, i) =>
    markOf(trace, i, {
      positions: positionsOf(columns[i], categories),
      slot: trace.type === 'bar' ? bar++ : 0,
      slots: bars,
    }),
  );
  if (!marks.every(mark => mark !== null)) return null;
  const x = categories.length > 0 ? { ...axes.x, categories, log: false } : axes.x;
  return { ...head, panels: [{ x, y: axes.y, marks }] };
}

/** Where a trace lies among the others. */
interface Setting {
  /** On the x axis; null: 0, 1, 2, … */
  positions: readonly number[] | null;
  /** Which of the `slots` of a category its bars take, from 0. */
  slot: number;
  slots: number;
}

function markOf(trace: Fields, i: number, { positions, slot, slots }: Setting): Mark | null {
  const series = { ...(nameOf(trace) !== undefined && { name: nameOf(trace) }), color: seriesColor(i) };
  const y = columnOf(trace, 'y');
  if (trace.type === 'histogram') return histogram(columnOf(trace, 'x'), series);
  if (y?.type !== 'number') return null;
  if (trace.type === 'box') {
    const sorted = sortedFinite(y.values);
    return sorted.length > 0 ? boxOf(nameOf(trace) ?? `trace ${i}`, sorted, i) : null;
  }
  const x = positions ?? y.values.map((_, position) => position);
  if (x.length !== y.values.length) return null;
  if (trace.type === 'bar') return { type: 'bars', ...series, ...barEdges(x, slot, slots), y: y.values };
  const mode = trace.mode ?? 'lines';
  return { type: mode === 'markers' ? 'points' : 'line', ...series, x, y: y.values };
}

function histogram(column: Column | null, series: Pick<Mark, 'name' | 'color'>): Mark | null {
  if (column?.type !== 'number') return null;
  const edges = binEdges(column.values);
  const y = binCounts(column.values, edges);
  return { type: 'bars', ...series, from: edges.slice(0, -1), to: edges.slice(1), y };
}

function heatMap(trace: Fields, axes: { x: Axis; y: Axis }, head: Omit<Chart, 'panels'>): Chart | null {
  const matrix = readNestedArray(trace.z);
  if (matrix?.shape.length !== 2) return null;
  const [rows, columns] = matrix.shape as [number, number];
  const { x, y, marks, shades } = matrixDrawing(matrix.values, [rows, columns]);
  const named = (own: Axis, label: string, count: number, names: Column | null): Axis => ({
    ...own,
    label: label || own.label,
    ...(names?.values.length === count && { categories: names.values.map(String) }),
  });
  const across = named(x, axes.x.label, columns, columnOf(trace, 'x'));
  // plotly draws the first row at the bottom.
  const up = { ...named(y, axes.y.label, rows, columnOf(trace, 'y')), downward: axes.y.downward };
  return { ...head, panels: [{ x: across, y: up, marks, shades }] };
}

/** Whether a trace has a type that charts can draw, is upright, lists its numbers, and uses the first pair of axes. */
function isPlain({ type, xaxis, yaxis, orientation, stackgroup, ...fields }: Fields): boolean {
  const known = ['scatter', 'scattergl', 'bar', 'histogram', 'box', 'heatmap', undefined];
  return (
    known.includes(type as string) &&
    ['x', 'y', 'z'].every(field => fields[field] === undefined || Array.isArray(fields[field])) &&
    ['x0', 'y0', 'dx', 'dy'].every(field => fields[field] === undefined) &&
    xaxis === undefined &&
    yaxis === undefined &&
    orientation !== 'h' &&
    stackgroup === undefined
  );
}

function columnOf(trace: Fields, field: string): Column | null {
  const list = trace[field];
  return typeof list === 'object' && list !== null && isList(list) ? readColumn(field, list) : null;
}

function positionsOf(column: Column | null, categories: readonly string[]): readonly number[] | null {
  return column?.type === 'text' ? categoryPositions(column.values, categories) : (column?.values ?? null);
}

function axisOf(layout: Fields, key: string): Axis {
  const { title, type, autorange } = Object(layout[key]) as Fields;
  return { label: textOf(title), log: type === 'log', downward: autorange === 'reversed' };
}

/** A title in plotly is a text, or an object that contains one. */
const textOf = (title: unknown): string =>
  typeof title === 'string' ? title : String((Object(title) as Fields).text ?? '');

const nameOf = ({ name }: Fields): string | undefined => (typeof name === 'string' ? name : undefined);

const captionOf = (traces: readonly Fields[]): string =>
  `plotly figure of ${traces.length} trace${traces.length === 1 ? '' : 's'}: ${traces.map(({ type }) => (typeof type === 'string' ? type : 'scatter')).join(', ')}`;

import { ChartKindError } from '../display/errors';
import type { Chart } from './chart';
import type { ChartKind, ChartView } from './chart-view';
import { matrixDrawing } from './heat-maps';
import { shortest, type Table } from './table';
import { chartOf, tableChart } from './table-chart';

const KINDS: readonly (ChartKind | 'image')[] = [
  'line',
  'scatter',
  'bar',
  'histogram',
  'heatmap',
  'box',
  'image',
];

/** A matrix with a longer side than this, at least STRIP times the other, would be a strip as an image; a heat map fills its frame. */
const MOST_PIXELS = 100;
const STRIP = 4;

/** Two columns with at least this many rows are points; with fewer, they may well be a small matrix. */
const FEWEST_POINTS = 3;

/**
 * The chart of an array of numbers. Unless `view.kind` names another: a vector is charted like a list, [N, 2] as points, and a
 * matrix whose rows or columns have names, or that would be a strip as an image, as a heat map.
 * @param values row major
 * @returns null if the array should be shown as an image
 * @throws {ChartKindError} if there is no such kind, or not for this shape; otherwise as `tableChart`
 */
export function arrayChart(
  values: ArrayLike<number>,
  shape: readonly number[],
  view: ChartView,
): Chart | null {
  const kind = view.kind ?? defaultKind(shape, view);
  if (kind !== undefined && !KINDS.includes(kind)) throw new ChartKindError(kind, 'an array', KINDS);
  if (kind === 'image') return null;
  if (shape.length > 2) throw new ChartKindError(kind!, `an array of shape [${shape.join(', ')}]`, ['image']);
  const numbers = Array.from(values, shortest);
  const [rows, columns = 1] = shape;
  if (kind === 'heatmap')
    return chartOf(matrixDrawing(numbers, shape.length === 1 ? [1, rows] : [rows, columns], view), view);
  return tableChart(tableOf(numbers, rows, shape.length === 1 ? null : columns), {
    ...view,
    ...(kind && { kind }),
  });
}

/** @returns undefined: the same as for a list of numbers */
function defaultKind(shape: readonly number[], { x, y }: ChartView): ChartView['kind'] {
  if (shape.length === 1) return undefined;
  if (shape.length > 2) return 'image';
  const hasNames = (names: unknown): boolean => typeof names === 'object';
  if (hasNames(x) || hasNames(y)) return 'heatmap';
  if (shape[1] === 2 && shape[0] >= FEWEST_POINTS) return 'scatter';
  const [short, long] = [Math.min(...shape), Math.max(...shape)];
  return short > 1 && long > MOST_PIXELS && long >= STRIP * short ? 'heatmap' : 'image';
}

/** @param columns null: the numbers form a single list */
function tableOf(numbers: readonly number[], rows: number, columns: number | null): Table {
  if (columns === null)
    return { columns: [{ type: 'number', name: 'value', values: numbers }], rows, unit: 'value' };
  return {
    columns: Array.from({ length: columns }, (_, c) => ({
      type: 'number',
      name: `column ${c}`,
      values: Array.from({ length: rows }, (_, r) => numbers[r * columns + c]),
    })),
    rows,
    unit: 'row',
  };
}

import { NameCountError } from '../errors';
import type { Panel } from './chart';
import type { ChartView } from './chart-view';
import type { Drawing } from './drawing';
import { rangeOf } from './range-of';
import type { Roles } from './roles';
import { countOf } from './series-charts';
import type { Table } from './table';

/** A heat map has at most this many rows and columns; a cell of a larger matrix is the mean of a square of its numbers. */
const MOST_CELLS = 200;

/** The numbers of a table, one row of cells per row of the table. */
export function heatMapDrawing(table: Table, roles: Roles): Drawing {
  const names = roles.y.map(({ name }) => name);
  const values = Array.from({ length: table.rows }, (_, row) =>
    roles.y.map(column => column.values[row]),
  ).flat();
  const rowNames = roles.x?.values.map(String);
  return matrixDrawing(values, [table.rows, names.length], { x: names, ...(rowNames && { y: rowNames }) });
}

/**
 * A matrix as a heat map, its first row at the top.
 * @param values row major
 * @param view `x` names the columns, `y` the rows
 * @throws {NameCountError} unless there is one name for each
 */
export function matrixDrawing(
  values: readonly number[],
  [rows, columns]: readonly [number, number],
  view: Pick<ChartView, 'x' | 'y'> = {},
): Drawing {
  const factor = Math.ceil(Math.max(rows, columns) / MOST_CELLS);
  const cells = factor > 1 ? means(values, rows, columns, factor) : { rows, columns, values };
  const range = rangeOf(cells.values);
  const isSigned = range.low < 0 && range.high > 0;
  const limit = Math.max(-range.low, range.high);
  const panel: Panel = {
    x: axisOf('column', view.x, columns, factor),
    y: { ...axisOf('row', view.y, rows, factor), downward: true },
    marks: [{ type: 'cells', color: [0, 0, 0], ...cells }],
    shades: { label: 'value', range: isSigned ? { low: -limit, high: limit } : range, isSigned },
  };
  const notes = factor > 1 ? [`cells are means of ${factor} × ${factor} numbers`] : [];
  return { ...panel, count: `${countOf(rows)} × ${countOf(columns)} numbers`, notes };
}

function axisOf(what: string, names: ChartView['x'], count: number, factor: number): Panel['x'] {
  const label = factor > 1 ? `${what} / ${factor}` : what;
  if (names === undefined || typeof names === 'string')
    return { label: names ?? label, isTight: true, isWhole: true };
  if (names.length !== count) throw new NameCountError('plot', 'names', names.length, 'entries', count);
  return factor > 1 ? { label, isTight: true } : { label: '', categories: Array.from(names, String) };
}

function means(
  values: readonly number[],
  rows: number,
  columns: number,
  factor: number,
): { rows: number; columns: number; values: number[] } {
  const [high, wide] = [Math.ceil(rows / factor), Math.ceil(columns / factor)];
  const sums = new Array<number>(high * wide).fill(0);
  const counts = new Array<number>(high * wide).fill(0);
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const cell = Math.floor(Math.floor(i / columns) / factor) * wide + Math.floor((i % columns) / factor);
    sums[cell] += value;
    counts[cell]++;
  });
  return { rows: high, columns: wide, values: sums.map((sum, i) => sum / counts[i]) };
}

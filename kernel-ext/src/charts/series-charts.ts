import type { Axis, LineMark, Mark, PointsMark } from './chart';
import { categoryPositions } from './category-positions';
import { grouped, seriesColor } from './groups';
import { groupsOf, MOST_GROUPS, type Roles } from './roles';
import { rangeOf } from './range-of';
import type { Column, NumberColumn, Table } from './table';
import { thinned } from './thinned';
import type { Drawing } from './drawing';

/** A scatter chart draws at most this many points; a long line, the smallest and the largest value of this many stretches. */
const MOST_POINTS = 20_000;
const STRETCHES = 1_000;

/** One line for each column of the y axis and each value of the color column. */
export function lineDrawing({ rows, unit }: Table, roles: Roles): Drawing {
  const { axis, positions } = xAxisOf(roles.x, rows);
  const marks = series(roles, rows).map(({ column, rows: members, name, color }): LineMark => {
    const chosen = thinned(
      members.map(row => column.values[row]),
      STRETCHES,
    ).map(i => members[i]);
    return {
      type: 'line',
      name,
      color,
      x: chosen.map(row => positions[row]),
      y: chosen.map(row => column.values[row]),
    };
  });
  const stretch = Math.ceil(rows / STRETCHES);
  const isThinned = marks.some(({ x }) => x.length < rows) && rows > 2 * STRETCHES;
  const notes = isThinned ? [`the smallest and the largest of each ${stretch} drawn`] : [];
  return { x: axis, y: yAxisOf(roles.y), marks, count: `${countOf(rows)} ${unit}s`, notes };
}

/** Points of one color for each column of the y axis and each value of the color column; shades if that has many numbers. */
export function scatterDrawing({ rows, unit }: Table, roles: Roles): Drawing {
  const { axis, positions } = xAxisOf(roles.x, rows);
  const isShaded = roles.color?.type === 'number' && groupsOf(roles.color).length > MOST_GROUPS;
  const shades = isShaded ? (roles.color as NumberColumn) : null;
  const step = Math.ceil(rows / MOST_POINTS);
  const marks = series(shades ? { ...roles, color: null } : roles, rows).map((one): PointsMark => {
    const chosen = one.rows.filter(
      row => row % step === 0 && isDrawn(positions[row], one.column.values[row]),
    );
    return {
      type: 'points',
      name: one.name,
      color: one.color,
      x: chosen.map(row => positions[row]),
      y: chosen.map(row => one.column.values[row]),
      ...(shades && { shade: chosen.map(row => shades.values[row]) }),
    };
  });
  const notes = step > 1 ? [`1 in ${step} drawn`] : [];
  return {
    x: axis,
    y: yAxisOf(roles.y),
    marks,
    ...(shades && { shades: { label: shades.name, range: rangeOf(shades.values), isSigned: false } }),
    count: `${countOf(rows)} ${unit}s`,
    notes,
  };
}

/** Where the rows lie on the x axis: a number at its value, a text at the position of its category, else by position. */
function xAxisOf(column: Column | null, rows: number): { axis: Axis; positions: readonly number[] } {
  if (!column)
    return {
      axis: { label: 'position', isWhole: true },
      positions: Array.from({ length: rows }, (_, i) => i),
    };
  if (column.type === 'number') return { axis: { label: column.name }, positions: column.values };
  const categories = groupsOf(column);
  return {
    axis: { label: column.name, categories },
    positions: categoryPositions(column.values, categories),
  };
}

/** The y axis of some columns, named after the column if there is only one. */
export const yAxisOf = (columns: readonly NumberColumn[]): Axis => ({
  label: columns.length === 1 ? columns[0].name : 'value',
});

interface Series {
  column: NumberColumn;
  rows: readonly number[];
  name?: string;
  color: Mark['color'];
}

function series({ y, color }: Roles, rows: number): Series[] {
  const groups = grouped(color, rows);
  return y.flatMap((column, c) =>
    groups.map((group, g) => ({
      column,
      rows: group.rows,
      name: seriesName(column, y.length > 1, group.name),
      color: seriesColor(c * groups.length + g),
      ...(y.length === 1 && { color: group.color }),
    })),
  );
}

/** The name of a series: that of its column if there are several, and that of its group if there are any. */
export function seriesName(column: NumberColumn, isOneOfMany: boolean, group?: string): string | undefined {
  if (!isOneOfMany) return group;
  return group === undefined ? column.name : `${column.name}, ${group}`;
}

const isDrawn = (x: number, y: number): boolean => Number.isFinite(x) && Number.isFinite(y);

export const countOf = (count: number): string => count.toLocaleString('en');

import { quantileSorted } from 'd3-array';
import type { BoxMark } from './chart';
import type { Drawing } from './drawing';
import { grouped, seriesColor } from './groups';
import type { Roles } from './roles';
import { sortedFinite } from './sorted-finite';
import { countOf, seriesName, yAxisOf } from './series-charts';
import type { Table } from './table';

/** Whiskers reach to the last values within this many box heights of the box. */
const REACH = 1.5;

/** One box for each column and each value of x. */
export function boxDrawing(table: Table, roles: Roles): Drawing {
  const groups = grouped(roles.x, table.rows);
  const boxes = roles.y.flatMap(column =>
    groups.map(({ name, rows }) => ({
      label: seriesName(column, roles.y.length > 1, name) ?? column.name,
      sorted: sortedFinite(rows.map(row => column.values[row])),
    })),
  );
  return {
    x: { label: roles.x?.name ?? '', categories: boxes.map(({ label }) => label) },
    y: yAxisOf(roles.y),
    marks: boxes.flatMap(({ label, sorted }, i) => (sorted.length > 0 ? [boxOf(label, sorted, i)] : [])),
    count: `${countOf(table.rows)} ${table.unit}s`,
    notes: ['boxes: quartiles', `whiskers: the outermost values within ${REACH} box heights`],
  };
}

/** @param sorted ascending, at least one */
export function boxOf(label: string, sorted: number[], at: number): BoxMark {
  const quartiles = [0.25, 0.5, 0.75].map(part => quantileOf(sorted, part)) as [number, number, number];
  const reach = REACH * (quartiles[2] - quartiles[0]);
  const isInside = (value: number): boolean => value >= quartiles[0] - reach && value <= quartiles[2] + reach;
  const inside = sorted.filter(isInside);
  return {
    type: 'box',
    label,
    color: seriesColor(at),
    at,
    count: sorted.length,
    low: Math.min(inside[0], quartiles[0]),
    quartiles,
    high: Math.max(inside[inside.length - 1], quartiles[2]),
    outliers: sorted.filter(value => !isInside(value)),
  };
}

/** The differences of very large numbers would overflow. */
function quantileOf(sorted: number[], part: number): number {
  const quantile = quantileSorted(sorted, part)!;
  if (Number.isFinite(quantile)) return quantile;
  return (
    2 *
    quantileSorted(
      sorted.map(value => value / 2),
      part,
    )!
  );
}

import { mean } from 'd3-array';
import type { BarsMark } from './chart';
import { binCounts, binEdges } from './bins';
import type { ChartView } from './chart-view';
import type { Drawing } from './drawing';
import { grouped, seriesColor, type Group } from './groups';
import { groupsOf, type Roles } from './roles';
import { countOf, nameOf, upward } from './series-charts';
import type { Column, NumberColumn, Table } from './table';

/** Part of the space of a category that its bars fill. */
const FILLED = 0.8;
const MOST_CATEGORIES = 200;

/**
 * Bars for each value of x, side by side if there are several. They show the numbers, or their means if a value of x has several,
 * or counts if there are no numbers.
 */
export function barDrawing(table: Table, roles: Roles): Drawing {
  const x = roles.x ?? positions(table.rows);
  const all = groupsOf(x);
  const categories = all.slice(0, MOST_CATEGORIES);
  const groups = grouped(roles.color, table.rows);
  const columns: (NumberColumn | null)[] = roles.y.length > 0 ? [...roles.y] : [null];
  const bars = columns.flatMap(column => groups.map(group => ({ column, group })));
  const width = FILLED / bars.length;
  const marks = bars.map(({ column, group }, slot): BarsMark => {
    const from = categories.map((_, position) => position - FILLED / 2 + slot * width);
    return {
      type: 'bars',
      name: column ? nameOf(column, columns.length > 1, group.name) : group.name,
      color: columns.length > 1 ? seriesColor(slot) : group.color,
      from,
      to: from.map(start => start + width),
      y: rowsByCategory(group, x, categories).map(rows => (column ? meanOf(column, rows) : rows.length)),
    };
  });
  const isMean = roles.y.length > 0 && all.length * groups.length < table.rows;
  const isCut = all.length > categories.length;
  return {
    x: { label: x.name, categories },
    y: roles.y.length > 0 ? upward(roles.y) : { label: 'count', isWhole: true },
    marks,
    count: `${countOf(table.rows)} ${table.unit}s`,
    notes: [
      ...(isMean ? [`means by ${x.name}`] : []),
      ...(isCut ? [`the first ${MOST_CATEGORIES} of ${countOf(all.length)} categories drawn`] : []),
    ],
  };
}

function rowsByCategory(group: Group, x: Column, categories: readonly string[]): number[][] {
  const byName = new Map<string, number[]>(categories.map(name => [name, []]));
  for (const row of group.rows) byName.get(String(x.values[row]))?.push(row);
  return [...byName.values()];
}

/** NaN if there is no finite number. */
function meanOf({ values }: NumberColumn, rows: readonly number[]): number {
  return mean(rows.map(row => values[row]).filter(Number.isFinite)) ?? NaN;
}

/** How many numbers lie in each bin. Several columns or groups share the bins and are drawn on top of each other. */
export function histogramDrawing(table: Table, roles: Roles, { bins }: ChartView): Drawing {
  const edges = binEdges(
    roles.y.flatMap(column => column.values),
    bins,
  );
  const groups = grouped(roles.color, table.rows);
  const marks = roles.y.flatMap((column, c) =>
    groups.map((group, g): BarsMark => {
      const counts = binCounts(
        group.rows.map(row => column.values[row]),
        edges,
      );
      return {
        type: 'bars',
        name: nameOf(column, roles.y.length > 1, group.name),
        color: roles.y.length > 1 ? seriesColor(c * groups.length + g) : group.color,
        from: edges.slice(0, -1),
        to: edges.slice(1),
        y: counts,
        isOverlay: roles.y.length * groups.length > 1,
      };
    }),
  );
  return {
    x: { label: upward(roles.y).label },
    y: { label: 'count', isWhole: true },
    marks,
    count: `${countOf(table.rows)} ${table.unit}s`,
    notes: [`${edges.length - 1} bin${edges.length > 2 ? 's' : ''}`],
  };
}

const positions = (rows: number): Column => ({
  type: 'number',
  name: 'position',
  values: Array.from({ length: rows }, (_, i) => i),
});

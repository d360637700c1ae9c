import { mean } from 'd3-array';
import type { BarsMark } from './chart';
import { barEdges } from './bar-edges';
import { binCounts, binEdges } from './bins';
import type { ChartView } from './chart-view';
import type { Drawing } from './drawing';
import { grouped, seriesColor, type Group } from './groups';
import { groupsOf, type Roles } from './roles';
import { countOf, seriesName, yAxisOf } from './series-charts';
import type { Column, NumberColumn, Table } from './table';

const MOST_CATEGORIES = 200;

/**
 * Bars for each value of x, side by side if there are several. They show the numbers, or their means if a value of x has several,
 * or counts if there are no numbers.
 */
export function barDrawing(table: Table, roles: Roles): Drawing {
  const x = roles.x ?? positionColumn(table.rows);
  const all = groupsOf(x);
  const categories = all.slice(0, MOST_CATEGORIES);
  const groups = grouped(roles.color, table.rows);
  const columns: (NumberColumn | null)[] = roles.y.length > 0 ? [...roles.y] : [null];
  const bars = columns.flatMap(column => groups.map(group => ({ column, group })));
  const positions = categories.map((_, position) => position);
  const marks = bars.map(({ column, group }, slot): BarsMark => {
    return {
      type: 'bars',
      name: column ? seriesName(column, columns.length > 1, group.name) : group.name,
      color: columns.length > 1 ? seriesColor(slot) : group.color,
      ...barEdges(positions, slot, bars.length),
      y: rowsByCategory(group, x, categories).map(rows => (column ? meanOf(column, rows) : rows.length)),
    };
  });
  const isMean = roles.y.length > 0 && all.length * groups.length < table.rows;
  const isCut = all.length > categories.length;
  return {
    x: { label: x.name, categories },
    y: roles.y.length > 0 ? yAxisOf(roles.y) : { label: 'count', isWhole: true },
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
        name: seriesName(column, roles.y.length > 1, group.name),
        color: roles.y.length > 1 ? seriesColor(c * groups.length + g) : group.color,
        from: edges.slice(0, -1),
        to: edges.slice(1),
        y: counts,
        isOverlay: roles.y.length * groups.length > 1,
      };
    }),
  );
  return {
    x: { label: yAxisOf(roles.y).label },
    y: { label: 'count', isWhole: true },
    marks,
    count: `${countOf(table.rows)} ${table.unit}s`,
    notes: [`${edges.length - 1} bin${edges.length > 2 ? 's' : ''}`],
  };
}

const positionColumn = (rows: number): Column => ({
  type: 'number',
  name: 'position',
  values: Array.from({ length: rows }, (_, i) => i),
});

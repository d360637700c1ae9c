import type { Axis, Chart, Mark, Panel } from './chart';
import { barDrawing, histogramDrawing } from './bar-charts';
import { boxDrawing } from './box-charts';
import type { ChartKind, ChartView } from './chart-view';
import type { Drawing } from './drawing';
import { heatMapDrawing } from './heat-maps';
import { type Roles, rolesOf } from './roles';
import { lineDrawing, scatterDrawing } from './series-charts';
import type { Table } from './table';

const DRAWINGS: Record<ChartKind, (table: Table, roles: Roles, view: ChartView) => Drawing> = {
  line: lineDrawing,
  scatter: scatterDrawing,
  bar: barDrawing,
  histogram: histogramDrawing,
  heatmap: heatMapDrawing,
  box: boxDrawing,
};

/**
 * The chart of a table, of the kind that the view names or the data suggest.
 * @throws as `rolesOf`, and {BinCountError} for an invalid number of bins
 */
export function tableChart(table: Table, view: ChartView = {}): Chart {
  const roles = rolesOf(table, view);
  const drawing = DRAWINGS[roles.kind](table, roles, view);
  return chartOf(drawing, view, missing(roles));
}

/** A chart of one panel, with the titles, labels and logarithmic axes of the view. */
export function chartOf(
  { count, notes, ...panel }: Drawing,
  view: ChartView,
  omissions: readonly string[] = [],
): Chart {
  const x = axis(panel.x, view.xLabel, view.log?.includes('x'));
  const y = axis(panel.y, view.yLabel, view.log?.includes('y'));
  const shown: Panel = { ...panel, x, y };
  return {
    title: view.title ?? titleOf(shown),
    caption: view.caption ?? [count, ...omissions, ...logNotes(shown), ...notes].join(', '),
    panels: [shown],
  };
}

const axis = (own: Axis, label: string | undefined, log = false): Axis => ({
  ...own,
  ...(label !== undefined && { label }),
  // Categories and cells have positions, not values.
  ...(log && !own.categories && !own.isTight && { log }),
});

function titleOf({ x, y, marks: [first] }: Panel): string {
  if (first?.type === 'cells') return 'Heat map';
  if (first?.type === 'bars' && y.label === 'count') return `Distribution of ${x.label}`;
  return x.label === '' ? `${y.label}` : `${y.label} by ${x.label}`;
}

/** The caption mentions what a chart leaves out. */
function missing({ x, y }: Roles): string[] {
  const numbers = [...y, ...(x?.type === 'number' ? [x] : [])];
  const count = numbers.reduce((sum, { values }) => sum + values.filter(v => !Number.isFinite(v)).length, 0);
  return count > 0 ? [`${count} without a finite number left out`] : [];
}

function logNotes({ x, y, marks }: Panel): string[] {
  const isOff = (value: number): boolean => value <= 0;
  const off = marks.reduce(
    (sum, mark) =>
      sum + (x.log ? xOf(mark).filter(isOff).length : 0) + (y.log ? yOf(mark).filter(isOff).length : 0),
    0,
  );
  return off > 0 ? [`${off} at or below zero left out, since the axis is logarithmic`] : [];
}

const xOf = (mark: Mark): readonly number[] => ('x' in mark ? mark.x : []);
const yOf = (mark: Mark): readonly number[] => ('y' in mark ? mark.y : []);

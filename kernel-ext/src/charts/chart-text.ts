import { aligned } from '../page/text-table';
import type { BarsMark, BoxMark, CellsMark, Chart, LineMark, Mark, Panel, PointsMark } from './chart';
import { shortNumber } from './short-number';

/** The text of a mark that has more than twice as many rows shows this many of them, evenly spaced. */
const MOST_ROWS = 12;
const MOST_COLUMNS = 12;

/** The chart as text: what it is, and a table of its numbers. */
export function chartText({ title, caption, panels }: Chart): string {
  return [title, caption, ...panels.flatMap(panelText)].join('\n');
}

function panelText(panel: Panel): string[] {
  const name = panel.title ? [panel.title] : [];
  const boxes = panel.marks.filter(mark => mark.type === 'box');
  const others = panel.marks.filter(mark => mark.type !== 'box');
  return [
    ...(boxes.length > 0 ? ['', ...name, ...boxText(boxes)] : []),
    ...others.flatMap(mark => ['', ...name, ...markText(mark, panel)]),
  ];
}

function markText(mark: Exclude<Mark, BoxMark>, panel: Panel): string[] {
  const head = mark.name === undefined ? [] : [mark.name];
  if (mark.type === 'cells') return [...head, ...cellsText(mark, panel)];
  const { rows, note } = someRows(mark.type === 'bars' ? barRows(mark, panel) : pointRows(mark, panel));
  return [...head, ...aligned([[panel.x.label, panel.y.label], ...rows]), ...note];
}

function pointRows({ x, y }: LineMark | PointsMark, panel: Panel): string[][] {
  return x.map((value, i) => [panel.x.categories?.[value] ?? shortNumber(value), shortNumber(y[i])]);
}

function barRows({ from, to, y }: BarsMark, { x }: Panel): string[][] {
  return y.map((value, i) => [
    x.categories?.[i] ?? `${shortNumber(from[i])} … ${shortNumber(to[i])}`,
    shortNumber(value),
  ]);
}

function boxText(boxes: readonly BoxMark[]): string[] {
  const rows = boxes.map(({ label, count, low, quartiles, high, outliers }) => [
    label,
    ...[count, low, ...quartiles, high, outliers.length].map(shortNumber),
  ]);
  const shown = someRows(rows);
  return [
    ...aligned([['', 'count', 'low', '25 %', 'median', '75 %', 'high', 'outliers'], ...shown.rows]),
    ...shown.note,
  ];
}

function cellsText({ rows, columns, values }: CellsMark, { x, y }: Panel): string[] {
  const shownColumns = Array.from({ length: Math.min(columns, MOST_COLUMNS) }, (_, c) => c);
  const lines = Array.from({ length: rows }, (_, r) => [
    y.categories?.[r] ?? String(r),
    ...shownColumns.map(c => shortNumber(values[r * columns + c])),
  ]);
  const shown = someRows(lines);
  const more = columns > MOST_COLUMNS ? [`the first ${MOST_COLUMNS} of ${columns} columns`] : [];
  return [
    ...aligned([['', ...shownColumns.map(c => x.categories?.[c] ?? String(c))], ...shown.rows]),
    ...shown.note,
    ...more,
  ];
}

/** All rows if they are few, else the first, the last, and some in between. */
function someRows(rows: string[][]): { rows: string[][]; note: string[] } {
  if (rows.length <= 2 * MOST_ROWS) return { rows, note: [] };
  const chosen = Array.from({ length: MOST_ROWS }, (_, i) =>
    Math.round((i * (rows.length - 1)) / (MOST_ROWS - 1)),
  );
  return { rows: chosen.map(i => rows[i]), note: [`${MOST_ROWS} of ${rows.length} rows`] };
}

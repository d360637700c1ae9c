import { ChartDataError, ChartKindError, ColumnLengthError, UnknownColumnError } from '../display/errors';
import type { ChartKind, ChartView } from './chart-view';
import { type Column, type NumberColumn, readColumn, type Table, type TextColumn } from './table';

/** Which column plays which role in a chart. */
export interface Roles {
  kind: ChartKind;
  /** null: the position of the row. */
  x: Column | null;
  y: readonly NumberColumn[];
  color: Column | null;
}

/** A list of up to this many numbers becomes bars. */
const MOST_BARS = 30;
/** A table with up to this many names becomes bars or boxes. */
const MOST_NAMES = 60;
/** Up to this many values have a color each. */
export const MOST_GROUPS = 10;

/** The columns that the caller chose, checked, and those left to choose from. */
interface Choice {
  table: Table;
  x: Column | null;
  y: readonly NumberColumn[] | null;
  color: Column | null;
  /** Columns without a role yet. */
  numbers: readonly NumberColumn[];
  texts: readonly TextColumn[];
}

/**
 * The roles of the columns. The view decides, and the data where it leaves a choice.
 * @throws {UnknownColumnError} for a name that no column has; {ColumnLengthError} unless x has one value per row;
 *   {ChartKindError} if there is no such kind; {ChartDataError} if the kind cannot draw the columns
 */
export function rolesOf(table: Table, view: ChartView): Roles {
  const choice = choiceOf(table, view);
  const kind = view.kind ?? defaultKind(choice);
  if (!isKind(kind)) throw new ChartKindError(kind, 'a table', Object.keys(ROLES));
  const roles = ROLES[kind](choice);
  return { kind, ...roles };
}

function choiceOf(table: Table, view: ChartView): Choice {
  const x = xOf(table, view.x);
  const y = view.y === undefined ? null : [view.y].flat().map(name => numberColumn(table, name, view));
  const color = view.color === undefined ? null : columnOf(table, view.color);
  const isFree = (column: Column): boolean => column !== x && column !== color;
  return {
    table,
    x,
    y,
    color,
    numbers: table.columns.filter(isFree).filter(column => column.type === 'number'),
    texts: table.columns.filter(isFree).filter(column => column.type === 'text'),
  };
}

function xOf(table: Table, x: ChartView['x']): Column | null {
  if (x === undefined) return null;
  if (typeof x === 'string') return columnOf(table, x);
  const column = readColumn('x', x);
  if (!column || column.values.length !== table.rows)
    throw new ColumnLengthError('x', x.length, table.rows, `${table.unit}s`);
  return column;
}

function columnOf({ columns }: Table, name: string): Column {
  const found = columns.find(column => column.name === name);
  if (found) return found;
  throw new UnknownColumnError(
    name,
    columns.map(column => column.name),
  );
}

function numberColumn(table: Table, name: string, { kind }: ChartView): NumberColumn {
  const column = columnOf(table, name);
  if (column.type === 'number') return column;
  throw new ChartDataError(kind ?? 'y', `numbers on the y axis, but the column '${name}' holds text`);
}

function defaultKind({ table, x, y, numbers, texts }: Choice): ChartKind {
  const upward = y ?? numbers;
  if (upward.length === 0) return x?.type === 'number' ? 'histogram' : 'bar';
  if (x?.type === 'text') return isUnique(x) ? 'bar' : 'box';
  if (x) return isGrowing(x) ? 'line' : 'scatter';
  if (table.unit === 'value') return table.rows <= MOST_BARS ? 'bar' : 'line';
  const names = texts.find(isUnique);
  if (names && table.rows <= MOST_NAMES) return 'bar';
  if (isGrowing(upward[0]) && upward.length > 1) return 'line';
  if (upward.length > 1) return 'scatter';
  return texts.some(text => !isUnique(text) && groupsOf(text).length <= MOST_NAMES) ? 'box' : 'histogram';
}

const ROLES: Record<ChartKind, (choice: Choice) => Omit<Roles, 'kind'>> = {
  line: choice => {
    const { x, y, numbers, color } = choice;
    const growing = x === null && y === null && numbers.length > 1 && isGrowing(numbers[0]);
    const across = growing ? numbers[0] : x;
    return { x: across, y: some('line', y ?? numbers.filter(column => column !== across)), color };
  },
  scatter: ({ x, y, numbers, texts, color }) => {
    const across = x ?? (numbers.length > 1 ? (numbers.find(column => !y?.includes(column)) ?? null) : null);
    const upward = y ?? numbers.filter(column => column !== across).slice(0, 1);
    return { x: across, y: some('scatter', upward), color: color ?? texts.find(isGrouping) ?? null };
  },
  bar: ({ x, y, numbers, texts, color }) => {
    const across = x ?? texts[0] ?? null;
    const upward = y ?? numbers;
    return { x: across, y: across ? upward : some('bar', upward), color };
  },
  histogram: ({ x, y, numbers, color }) => {
    const counted = y ?? (x?.type === 'number' ? [x] : numbers.slice(0, 1));
    return { x: null, y: some('histogram', counted), color };
  },
  box: ({ x, y, numbers, texts, color }) => {
    const upward = some('box', y ?? numbers);
    return {
      x: x ?? color ?? (upward.length === 1 ? (texts.find(isGrouping) ?? null) : null),
      y: upward,
      color,
    };
  },
  heatmap: ({ x, y, numbers, texts }) => {
    return { x: x ?? texts.find(isUnique) ?? null, y: some('heatmap', y ?? numbers), color: null };
  },
};

const isKind = (kind: string): kind is ChartKind => Object.hasOwn(ROLES, kind);

function some(kind: ChartKind, columns: readonly NumberColumn[]): readonly NumberColumn[] {
  if (columns.length === 0) throw new ChartDataError(kind, 'a column of numbers, but none is left');
  return columns;
}

/** The distinct values of a column: numbers ascending, texts in the order of their first appearance. */
export function groupsOf(column: Column): string[] {
  const groups = [...new Set<string | number>(column.values)];
  return (column.type === 'number' ? groups.sort((a, b) => Number(a) - Number(b)) : groups).map(String);
}

const isUnique = (column: TextColumn): boolean => new Set(column.values).size === column.values.length;

const isGrouping = (column: TextColumn): boolean => {
  const groups = groupsOf(column).length;
  return groups > 1 && groups <= MOST_GROUPS && groups < column.values.length;
};

function isGrowing(column: Column): boolean {
  if (column.type === 'text' || column.values.length < 2) return false;
  return column.values.every((value, i) => i === 0 || value > column.values[i - 1]);
}

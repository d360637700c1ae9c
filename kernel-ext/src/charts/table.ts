import { types } from 'node:util';
import { ColumnLengthError } from '../display/errors';
import { dateText, isPlain } from '../display/plain-value';

export interface NumberColumn {
  type: 'number';
  name: string;
  /** NaN where the number is missing. */
  values: readonly number[];
}

export interface TextColumn {
  type: 'text';
  name: string;
  values: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Columns of equal length. */
export interface Table {
  columns: readonly Column[];
  rows: number;
  /** What one row is called in captions: 'value', 'row'. */
  unit: string;
}

/** A table from `data`: rows of numbers and, if it has classes, one label per row. */
interface LabeledRows {
  columns: readonly string[];
  labels: ArrayLike<number>;
  names: readonly string[];
  length: number;
  instance(i: number): { dataSync(): ArrayLike<number>; dispose(): void };
}

/**
 * Reads a list of numbers or names, records, columns by name, or a table from `data`.
 * @returns null for anything else, and if it is empty
 * @throws {ColumnLengthError} if columns by name differ in length
 */
export function readTable(thing: unknown): Table | null {
  if (typeof thing !== 'object' || thing === null) return null;
  if (isLabeledRows(thing)) return fromLabeledRows(thing);
  if (isList(thing)) {
    const column = readColumn('value', thing);
    return column ? { columns: [column], rows: column.values.length, unit: 'value' } : fromRecords(thing);
  }
  return fromColumns(thing);
}

/** Reads a list of numbers or of names, possibly with gaps (null, undefined). @returns null for anything else, and if it is empty */
export function readColumn(name: string, list: ArrayLike<unknown>): Column | null {
  const entries = Array.from(list);
  if (entries.length === 0 || entries.every(isGap)) return null;
  if (entries.every(entry => isGap(entry) || /number|bigint|boolean/.test(typeof entry))) {
    return {
      type: 'number',
      name,
      values: entries.map(entry => (isGap(entry) ? NaN : shortest(Number(entry)))),
    };
  }
  if (
    !entries.every(
      entry => isGap(entry) || !/object|function|symbol/.test(typeof entry) || types.isDate(entry),
    )
  )
    return null;
  return { type: 'text', name, values: entries.map(textOf) };
}

/** If a number is a float32, the shortest decimal that rounds to it: 0.1 for 0.10000000149011612. Other numbers as they are. */
export function shortest(value: number): number {
  if (Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

export function isList(thing: object): thing is ArrayLike<unknown> {
  return Array.isArray(thing) || (ArrayBuffer.isView(thing) && !(thing instanceof DataView));
}

function fromColumns(thing: object): Table | null {
  const entries = Object.entries(thing) as [string, unknown][];
  const isColumns = entries.every(
    ([, value]) => typeof value === 'object' && value !== null && isList(value),
  );
  if (entries.length === 0 || !isColumns || !isPlain(thing)) return null;
  const columns = entries.map(([name, list]) => readColumn(name, list as ArrayLike<unknown>));
  if (!columns.every(column => column !== null)) return null;
  const rows = columns[0].values.length;
  const odd = columns.find(column => column.values.length !== rows);
  if (odd) throw new ColumnLengthError(`the column ${odd.name}`, odd.values.length, rows, 'rows');
  return { columns, rows, unit: 'row' };
}

function fromRecords(list: ArrayLike<unknown>): Table | null {
  const records = Array.from(list);
  if (records.length === 0 || !records.every(isRecord)) return null;
  const names = [...new Set(records.flatMap(record => Object.keys(record)))];
  const columns = names.map(name =>
    readColumn(
      name,
      records.map(record => record[name]),
    ),
  );
  const found = columns.filter(column => column !== null);
  return found.length > 0 ? { columns: found, rows: records.length, unit: 'row' } : null;
}

function fromLabeledRows(table: LabeledRows): Table {
  const rows = Array.from({ length: table.length }, (_, i) => {
    const row = table.instance(i);
    const values = Array.from(row.dataSync(), shortest);
    row.dispose();
    return values;
  });
  const columns = table.columns.map((name, c): Column => {
    return { type: 'number', name, values: rows.map(row => row[c]) };
  });
  const classes = Array.from(table.labels, label => table.names[label]);
  return {
    columns: classes.length > 0 ? [...columns, { type: 'text', name: 'class', values: classes }] : columns,
    rows: rows.length,
    unit: 'row',
  };
}

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

function isLabeledRows(thing: object): thing is LabeledRows {
  const { columns, labels, names, instance } = thing as Partial<LabeledRows>;
  return isFilled(columns) && Array.isArray(names) && labels !== undefined && typeof instance === 'function';
}

function isRecord(thing: unknown): thing is Record<string, unknown> {
  return typeof thing === 'object' && thing !== null && !isList(thing) && isPlain(thing);
}

const isGap = (entry: unknown): boolean => entry === null || entry === undefined;

/** A value as text; of a date at midnight, only the day. */
function textOf(entry: unknown): string {
  if (isGap(entry)) return '';
  if (types.isDate(entry)) return dateText(entry) ?? '';
  return String(entry as string | number | bigint | boolean);
}

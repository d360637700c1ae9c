import { inspect, types } from 'node:util';
import { htmlTable } from './html-table';

const MAX_ROWS = 50;
const MAX_COLUMNS = 20;
const MAX_CHARACTERS = 200;

type Row = Readonly<Record<string, unknown>>;

/**
 * An HTML table of an array of flat records, `[{ name: 'seven', logit: 9.1 }, …]`: at most 50 rows and 20 columns, with the
 * total number below. null if `value` is something else.
 */
export function recordTable(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0 || types.isProxy(value)) return null;
  const shown = (value as unknown[]).slice(0, MAX_ROWS);
  if (!shown.every(isFlatRecord)) return null;
  const names = [...new Set(shown.flatMap(row => Object.keys(row)))];
  const columns = names.slice(0, MAX_COLUMNS);
  if (columns.length === 0) return null;
  const rows = shown.map(row => columns.map(name => text(row[name])));
  const isNumeric = (name: string): boolean =>
    shown.every(row => /number|bigint|undefined/.test(typeof row[name]));
  const numeric = new Set(columns.flatMap((name, column) => (isNumeric(name) ? [column] : [])));
  const parts = [
    value.length > shown.length ? `${shown.length} of ${value.length} rows` : '',
    names.length > columns.length ? `${columns.length} of ${names.length} columns` : '',
  ];
  return htmlTable(columns, rows, { numeric, note: parts.filter(Boolean).join(', ') });
}

function isFlatRecord(row: unknown): row is Row {
  if (typeof row !== 'object' || row === null || types.isProxy(row)) return false;
  const prototype: unknown = Object.getPrototypeOf(row);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const properties = Object.values(Object.getOwnPropertyDescriptors(row));
  return properties.every(property => 'value' in property && isPlain(property.value));
}

function isPlain(value: unknown): boolean {
  return value === null || types.isDate(value) || !/object|function/.test(typeof value);
}

function text(value: unknown): string {
  if (value === undefined) return '';
  const whole = typeof value === 'string' ? value : inspect(value);
  return whole.length > MAX_CHARACTERS ? `${whole.slice(0, MAX_CHARACTERS)}…` : whole;
}

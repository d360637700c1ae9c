import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { CsvFormatError } from './errors';
import { LabeledData, type Table } from './labeled-data';

export interface CsvOptions {
  /** The column of class names, by name or index. Default: none. */
  label?: string | number;
  /** Default: ','. */
  delimiter?: string;
  /** Whether the first line has the column names. Default: true. */
  header?: boolean;
}

/**
 * Reads a table of numbers (CSV, RFC 4180), one column of which may name classes.
 * @throws {CsvFormatError} if lines differ in length, a cell is not a number, or the label column does not exist.
 */
export async function csv(path: string, options: CsvOptions = {}): Promise<Table> {
  const { columns, rows } = parseCsv(await readFile(path, 'utf8'), path, options);
  const label = labelColumn(columns, options.label, path);
  const at = columns.map((_, column) => column).filter(column => column !== label);
  if (at.length === 0) throw new CsvFormatError(path, 'it has no column of numbers');
  const values = new Float32Array(rows.length * at.length);
  rows.forEach((row, i) =>
    at.forEach((column, d) => {
      values[i * at.length + d] = numberOf(row[column], path, i, columns[column]);
    }),
  );
  const classes = label === undefined ? [] : rows.map(row => row[label]);
  const names = [...new Set(classes)].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const labels = Int32Array.from(classes, name => index.get(name)!);
  return new LabeledData({
    values,
    shape: [at.length],
    labels,
    names,
    columns: at.map(column => columns[column]),
  });
}

/** The cells of a table as text; `path` appears only in error messages. @throws {CsvFormatError} */
export function parseCsv(
  text: string,
  path: string,
  { delimiter = ',', header = true }: CsvOptions = {},
): { columns: string[]; rows: string[][] } {
  let lines: string[][];
  try {
    lines = parse(text, { delimiter, bom: true, trim: true, skip_empty_lines: true }) as string[][];
  } catch (error) {
    throw new CsvFormatError(path, (error as Error).message);
  }
  const rows = header ? lines.slice(1) : lines;
  if (rows.length === 0) throw new CsvFormatError(path, 'it has no row');
  return { columns: header ? lines[0] : lines[0].map((_, i) => `column ${i}`), rows };
}

function labelColumn(
  columns: string[],
  label: string | number | undefined,
  path: string,
): number | undefined {
  if (label === undefined) return undefined;
  const at = typeof label === 'string' ? columns.indexOf(label) : label;
  if (at in columns) return at;
  throw new CsvFormatError(path, `there is no column ${label} among ${columns.join(', ')}`);
}

function numberOf(cell: string, path: string, row: number, column: string): number {
  const value = Number(cell);
  if (cell !== '' && !Number.isNaN(value)) return value;
  throw new CsvFormatError(path, `row ${row} has '${cell}' in column ${column}`);
}

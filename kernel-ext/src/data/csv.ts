import { OptionError } from '../errors';
import { shownValue } from '../errors/shown-value';
import { columnIndex } from './column-index';
import { decodeText, isEncoding } from './decode-text';
import { isDecimalNumber, readDecimalNumber } from './decimal-number';
import { CsvFormatError, Float32LossError } from './errors';
import { LabeledData, type Table } from './labeled-data';
import { type CsvCells, type CsvDialect, parseCsv } from './parse-csv';
import { readDataFile } from './read-data-file';

export interface CsvOptions extends CsvDialect {
  /** The column of class names, by name or index. Default: none. */
  label?: string | number;
  /** Columns to leave out, by name or index: identifiers, dates, other texts. Default: none. */
  omit?: readonly (string | number)[];
  /** Default: ','. */
  delimiter?: string;
  /** Whether the first line has the column names. Default: true, but a first line of numbers is refused then. */
  header?: boolean;
  /** The encoding, by a label of the WHATWG Encoding Standard. Default: as the byte order mark says, or UTF-8. */
  encoding?: string;
  /** What separates the decimals of a number. Default: '.'. */
  decimal?: '.' | ',';
  /** Whether to drop spaces around cells. By default, class and column names keep theirs. */
  trim?: boolean;
  /** Whether to round what float32 cannot hold, such as 16777217 or 1e-60, instead of refusing it. Default: false. */
  round?: boolean;
}

/**
 * Reads a table of numbers (CSV, RFC 4180), one column of which may name classes. Nothing is guessed or replaced: a cell
 * must be a decimal number, and float32 must hold it. Empty lines between rows are skipped.
 * @throws {CsvFormatError} if lines differ in length, a cell is not a number, the encoding is another one, or a column
 *   does not exist; {Float32LossError} if float32 would turn a number into another one; {OptionError}.
 */
export async function csv(path: string, options: CsvOptions = {}): Promise<Table> {
  checkOptions(options);
  const text = decodeText(await readDataFile(path, 'data.csv'), options.encoding);
  if (typeof text !== 'string') throw new CsvFormatError(path, text.fault, text.remedy);
  const cells = parseCsv(text, path, options);
  const { columns, rows } = cells;
  const label = options.label === undefined ? undefined : columnIndex(columns, options.label, path);
  const omitted = (options.omit ?? []).map(column => columnIndex(columns, column, path));
  const at = columns
    .map((_, column) => column)
    .filter(column => column !== label && !omitted.includes(column));
  if (at.length === 0) throw new CsvFormatError(path, 'it has no column of numbers');
  if (options.header === undefined) refuseNumbersAsNames(cells, at, path);
  const values = new Float32Array(rows.length * at.length);
  rows.forEach((row, i) =>
    at.forEach((column, d) => {
      const where = `row ${i} has ${shownValue(row[column])} in column ${columns[column]}`;
      values[i * at.length + d] = numberOf(row[column], where, columns[column], path, options);
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

function checkOptions({ label, omit, delimiter, decimal, encoding, ...flags }: CsvOptions): void {
  const check = (option: string, received: unknown, fits: boolean, wanted: string): void => {
    if (received !== undefined && !fits) throw new OptionError('data.csv', option, received, wanted);
  };
  const isColumn = (column: unknown): boolean => typeof column === 'string' || Number.isInteger(column);
  check('label', label, isColumn(label), 'the name or the index of a column');
  check(
    'omit',
    omit,
    Array.isArray(omit) && omit.every(isColumn),
    'names or indices of columns, in an array',
  );
  check('delimiter', delimiter, typeof delimiter === 'string' && delimiter !== '', 'a character such as ";"');
  check('decimal', decimal, decimal === '.' || decimal === ',', "'.' or ','");
  check('encoding', encoding, isEncoding(encoding), "the name of an encoding, such as 'windows-1252'");
  for (const flag of ['header', 'trim', 'round'] as const)
    check(flag, flags[flag], typeof flags[flag] === 'boolean', 'true or false');
}

/** A first line of numbers is most likely a row, which would be lost as column names. */
function refuseNumbersAsNames({ columns }: CsvCells, at: readonly number[], path: string): void {
  if (!at.every(column => isDecimalNumber(columns[column].trim()))) return;
  throw new CsvFormatError(
    path,
    `its first line has the numbers ${at
      .slice(0, 4)
      .map(column => columns[column])
      .join(', ')} where it should have the names of columns`,
    'Pass { header: false } if that line is a row, or { header: true } if these are names.',
  );
}

function numberOf(
  cell: string,
  where: string,
  column: string,
  path: string,
  { decimal = '.', round = false }: CsvOptions,
): number {
  const text = cell.trim();
  const leaveOut = `leave the column out by { omit: [${JSON.stringify(column)}] }`;
  // With a decimal comma, a point separates thousands.
  const number =
    decimal === ',' && text.includes('.') ? undefined : readDecimalNumber(text.replace(decimal, '.'));
  if (number === undefined) {
    const isComma = decimal === '.' && /^[+-]?\d+,\d+$/.test(text);
    const remedy = isComma
      ? "If the comma separates decimals, pass { decimal: ',' }; if it separates thousands, remove it."
      : `Write a decimal number there, fill in the value if it is missing, or ${leaveOut}.`;
    throw new CsvFormatError(path, where, remedy);
  }
  if (number.isHeld || (round && Number.isFinite(number.stored))) return number.stored;
  throw new Float32LossError('data.csv', path, where, number.stored, leaveOut);
}

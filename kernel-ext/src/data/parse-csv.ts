import { parse } from 'csv-parse/sync';
import { CsvFormatError } from './errors';

/** How the cells of a table are separated. */
export interface CsvDialect {
  delimiter?: string;
  header?: boolean;
  trim?: boolean;
}

/** The cells of a table as text. */
export interface CsvCells {
  columns: string[];
  rows: string[][];
}

/** Reads the cells of a table as they stand in the text; `path` appears only in error messages. @throws {CsvFormatError} */
export function parseCsv(
  text: string,
  path: string,
  { delimiter = ',', header = true, trim = false }: CsvDialect = {},
): CsvCells {
  const lines = linesOf(text, path, delimiter, trim);
  const rows = header ? lines.slice(1) : lines;
  if (rows.length === 0)
    throw new CsvFormatError(path, lines.length === 0 ? 'it is empty' : 'it has no row below its header');
  return { columns: header ? lines[0] : lines[0].map((_, i) => `column ${i}`), rows };
}

function linesOf(text: string, path: string, delimiter: string, trim: boolean): string[][] {
  let lines: string[][];
  try {
    lines = parse(text, {
      delimiter,
      trim,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
    }) as string[][];
  } catch (error) {
    throw new CsvFormatError(path, (error as Error).message, remedyFor(error, text, delimiter));
  }
  // In a table of one column, an empty line is a missing cell, and leaving it out would move the others up.
  if (
    lines[0]?.length === 1 &&
    text
      .trim()
      .split(/\r\n|\n|\r/)
      .some(line => line.trim() === '')
  )
    throw new CsvFormatError(path, 'its only column has an empty line', 'Fill it in, or remove the line.');
  const other = lines[0]?.length === 1 ? otherDelimiter(text, delimiter) : undefined;
  if (other !== undefined)
    throw new CsvFormatError(path, `its first line is one cell, '${lines[0][0]}'`, passDelimiter(other));
  return lines;
}

function remedyFor(error: unknown, text: string, delimiter: string): string | undefined {
  const other = otherDelimiter(text, delimiter);
  if (other !== undefined) return passDelimiter(other);
  if ((error as { code?: string }).code === 'INVALID_OPENING_QUOTE')
    return 'Double the quotes inside quoted cells; if there are spaces around the cells, pass { trim: true }.';
  return undefined;
}

/** What seems to separate the cells of the first line if it is not `delimiter`. */
function otherDelimiter(text: string, delimiter: string): string | undefined {
  const [first] = /^[^\r\n]*/.exec(text)!;
  if (first.includes(delimiter)) return undefined;
  return [',', ';', '\t', '|'].find(candidate => first.includes(candidate));
}

const passDelimiter = (delimiter: string): string =>
  `If the cells are separated by ${JSON.stringify(delimiter)}, pass { delimiter: ${JSON.stringify(delimiter)} }.`;

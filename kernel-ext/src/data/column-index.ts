import { nearestNames } from '../errors/nearest-names';
import { CsvFormatError } from './errors';

/** The index of a column that is given by name or by index. @throws {CsvFormatError} if there is none, or two with this name */
export function columnIndex(columns: readonly string[], column: string | number, path: string): number {
  if (typeof column === 'number') {
    if (column in columns) return column;
    throw new CsvFormatError(
      path,
      `there is no column ${column} among the ${columns.length}`,
      'The first column has index 0.',
    );
  }
  const index = columns.indexOf(column);
  if (index >= 0 && index === columns.lastIndexOf(column)) return index;
  if (index >= 0)
    throw new CsvFormatError(
      path,
      `there are several columns ${column}`,
      `Choose one by its index, for example ${index}.`,
    );
  const near = nearestNames(column, columns).map(name => `'${name}'`);
  throw new CsvFormatError(
    path,
    `there is no column ${column} among ${columns.join(', ')}`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined,
  );
}

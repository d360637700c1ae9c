/** Rows of cells as lines of text with right-aligned columns. */
export function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => [...row[column]].length)));
  return rows.map(row =>
    row.map((cell, column) => ' '.repeat(widths[column] - [...cell].length) + cell).join('  '),
  );
}

/** A table as comma-separated values (RFC 4180): strings are quoted where necessary, and lines end in CR LF. */
export function csvText(head: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [head.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  return lines.join('\r\n') + '\r\n';
}

/** A spreadsheet would interpret a string that begins like this as a formula and run it. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

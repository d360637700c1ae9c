import { escaped } from '../page/page-parts';

/** A table as JupyterLab styles it, in any theme. `numeric` columns are aligned right. */
export function htmlTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { numeric = new Set<number>(), note = '' }: { numeric?: ReadonlySet<number>; note?: string } = {},
): string {
  const align = (column: number): string => `style="text-align: ${numeric.has(column) ? 'right' : 'left'}"`;
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text, column) => `<${tag} ${align(column)}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const body = rows.map(row => cells('td', row)).join('');
  const below = note && `<p>${escaped(note)}</p>`;
  return `<table><thead>${cells('th', columns)}</thead><tbody>${body}</tbody></table>${below}`;
}

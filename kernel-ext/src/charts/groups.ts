import { CLASS_COLORS, colorsByName, COLORS, type Color } from '../payload';
import { groupsOf, MOST_GROUPS } from './roles';
import type { Column } from './table';

/** Rows drawn in one color. */
export interface Group {
  name?: string;
  color: Color;
  rows: readonly number[];
}

/**
 * The rows grouped by their value in `column`. If there are more than ten values, all after the ninth share a gray group. Classes
 * have the colors that they have in every view.
 * @param column null: one group of all rows
 */
export function grouped(column: Column | null, rows: number): Group[] {
  const all = Array.from({ length: rows }, (_, i) => i);
  if (!column) return [{ color: CLASS_COLORS[0], rows: all }];
  const names = groupsOf(column);
  const own = names.length > MOST_GROUPS ? names.slice(0, MOST_GROUPS - 1) : names;
  const indexOf = new Map(own.map((name, i) => [name, i]));
  const members: number[][] = Array.from({ length: own.length + 1 }, () => []);
  for (const row of all) members[indexOf.get(String(column.values[row])) ?? own.length].push(row);
  const colors = column.type === 'text' ? colorsByName(names.filter(name => name !== '')) : null;
  const colorOf = (name: string, i: number): Color =>
    colors ? (colors.get(name) ?? COLORS.bias) : seriesColor(i);
  const groups = own.map((name, i) => ({ name: labelOf(name), color: colorOf(name, i), rows: members[i] }));
  const others = members[own.length];
  if (others.length === 0) return groups;
  return [...groups, { name: `${names.length - own.length} others`, color: COLORS.bias, rows: others }];
}

export const seriesColor = (i: number): Color => CLASS_COLORS[i % CLASS_COLORS.length];

const labelOf = (name: string): string => (name === '' || name === 'NaN' ? 'none' : name);

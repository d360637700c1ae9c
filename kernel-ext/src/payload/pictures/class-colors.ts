import { type Color, COLORS, mix } from './colors';

/**
 * Ten colors that people with any color vision tell apart, on white and on black: Petroff 2021, "Accessible color
 * sequences for data visualization" (arXiv 2107.02270). The eleventh to the twentieth class get darker shades of them, and the
 * next ten get lighter ones; the thirty-first gets the first color again.
 */
export const CLASS_COLORS = [
  [63, 144, 218],
  [255, 169, 14],
  [189, 31, 1],
  [148, 164, 162],
  [131, 45, 182],
  [169, 107, 89],
  [231, 99, 0],
  [185, 172, 112],
  [113, 117, 129],
  [146, 218, 221],
] as const satisfies readonly Color[];

/** The color of a point's class; gray for the index `classes`, which means that it has none. */
export const classColor = (index: number, classes: number): Color =>
  index < classes ? shadeOf(index) : COLORS.bias;

/** How much of black or white is mixed into the second and the third ten of the colors. */
const SHADES: readonly [Color, number][] = [
  [COLORS.ink, 0],
  [COLORS.ink, 0.45],
  [COLORS.page, 0.55],
];

function shadeOf(index: number): Color {
  const [into, share] = SHADES[Math.floor(index / CLASS_COLORS.length) % SHADES.length];
  const own: Color = CLASS_COLORS[index % CLASS_COLORS.length];
  if (share === 0) return own;
  const [red, green, blue] = mix(own, into, share).map(Math.round);
  return [red, green, blue];
}

/** The order of classes in every legend and search: by name, numbers by size. */
export const byClassName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The colors of classes by name: the position of a name among all of them decides, so that a class has one color in every view. */
export function colorsByName(names: readonly string[]): ReadonlyMap<string, Color> {
  const sorted = [...new Set(names)].sort(byClassName);
  return new Map(sorted.map((name, i) => [name, classColor(i, sorted.length)]));
}

/**
 * The colors of some outputs of a network that are shown together: those of their classes, or if there are more classes than
 * colors, one for each that is shown.
 * @param shown indices into `labels`
 */
export function outputColors(labels: readonly string[], shown: readonly number[]): Color[] {
  const isDistinct = labels.length <= CLASS_COLORS.length && new Set(labels).size === labels.length;
  const colors = colorsByName(labels);
  return shown.map((c, k) => (isDistinct ? colors.get(labels[c])! : classColor(k, shown.length)));
}

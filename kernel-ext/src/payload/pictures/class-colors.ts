import { type Color, COLORS } from './colors';

/**
 * Ten colors that people with any color vision tell apart, on white and on black: Petroff 2021, "Accessible color
 * sequences for data visualization" (arXiv 2107.02270). The eleventh class gets the first color again.
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
  index < classes ? CLASS_COLORS[index % CLASS_COLORS.length] : COLORS.bias;

/** Part of the space of a category that its bars fill: plotly's default. */
const FILLED = 0.8;

/** Where the bars of one series start and end if `slots` series stand side by side at each position. @param slot from 0 */
export function barEdges(
  positions: readonly number[],
  slot: number,
  slots: number,
): { from: number[]; to: number[] } {
  const width = FILLED / slots;
  const from = positions.map(position => position - FILLED / 2 + slot * width);
  return { from, to: from.map(start => start + width) };
}

import { COLORS, type Color, type ClassLine, type Decomposition } from '../../payload';
import { css, MARK_STYLE } from '../../page/theme-colors';

const WIDTH = 150;

/**
 * One class as a bar from a common zero: what takes away goes to the left in blue, what adds goes to the right in orange,
 * and b stands in gray at the end toward which it pushes. All `lines` share one scale.
 */
export function classBar(decomposition: Decomposition, lines: readonly ClassLine[], line: ClassLine): string {
  return (
    '<div style="white-space: nowrap; text-align: left; ' +
    `width: ${WIDTH + 4}px; line-height: 12px; opacity: ${line.selected ? 1 : 0.6}">` +
    barParts(decomposition, lines, line, WIDTH)
      .map(([width, color]) => part(width, color))
      .join('') +
    '</div>'
  );
}

/**
 * The parts of a class's bar from left to right, each with its width, of which all of `lines` share one scale; those in the
 * color of the page are blank.
 * @param room the width of all bars together
 */
export function barParts(
  { sums, bias, linear }: Decomposition,
  lines: readonly ClassLine[],
  line: ClassLine,
  room: number,
): [width: number, color: Color][] {
  const positive = (c: number): number => sums.get(c)?.positive ?? Math.max(0, linear[c]);
  const negative = (c: number): number => sums.get(c)?.negative ?? Math.min(0, linear[c]);
  const down = (c: number): number => -negative(c) + Math.max(0, -bias[c]);
  const up = (c: number): number => positive(c) + Math.max(0, bias[c]);
  const most = (side: (c: number) => number): number => Math.max(...lines.map(({ index }) => side(index)));
  const scale = room / (most(down) + most(up) || 1);
  const c = line.index;
  const start = scale * (most(down) - down(c));
  return [
    [start, COLORS.page],
    [scale * Math.max(0, -bias[c]), COLORS.bias],
    [scale * -negative(c), COLORS.takes],
    [1, COLORS.ink],
    [scale * positive(c), COLORS.adds],
    [scale * Math.max(0, bias[c]), COLORS.bias],
  ];
}

function part(width: number, color: Color): string {
  const size = `width: ${width.toFixed(1)}px; height: 10px`;
  const colors = color === COLORS.ink ? MARK_STYLE : `background-color: ${css(color)}`;
  const blank = color === COLORS.page ? '' : `; ${colors}`;
  return `<span style="display: inline-block; vertical-align: middle; ${size}${blank}"></span>`;
}

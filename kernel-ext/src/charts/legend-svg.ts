import type { Color } from '../payload';
import { css } from '../page/theme-colors';
import type { Panel, Shades } from './chart';
import { shortNumber } from './short-number';
import { shadeColor } from './shade-color';
import { valueAt } from './share-of';
import { clipped, CHARACTER, line, px, QUIET, textAt } from '../page/svg-parts';

const ROW = 20;
const BAR = { width: 14, height: 180, steps: 36 };

/** A name and how it is marked. */
interface LegendEntry {
  name: string;
  color: Color;
  isDashed: boolean;
  isLine: boolean;
}

/** Every name of the marks once, in the order of the marks. */
export function legendEntries(panels: readonly Panel[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const mark of panels.flatMap(({ marks }) => marks)) {
    if (mark.name === undefined || entries.has(mark.name)) continue;
    const isLine = mark.type === 'line';
    entries.set(mark.name, {
      name: mark.name,
      color: mark.color,
      isLine,
      isDashed: isLine && mark.isDashed === true,
    });
  }
  return [...entries.values()];
}

/** The names below one another, each after a sample of its color. */
export function legend(entries: readonly LegendEntry[], x: number, y: number, width: number): string {
  const rows = entries.map(({ name, color, isLine, isDashed }, i) => {
    const middle = y + i * ROW + 6;
    const sample = isLine
      ? line(x, middle, x + 20, middle, css(color), 2, isDashed ? '5 4' : undefined)
      : `<rect x="${px(x + 5)}" y="${px(middle - 5)}" width="10" height="10" fill="${css(color)}"/>`;
    return sample + textAt(x + 26, middle + 4, clipped(name, width - 26));
  });
  return rows.join('');
}

/** The scale of shades, with its lowest color at the bottom. */
export function shadeBar(shades: Shades, x: number, y: number): string {
  const { low, high } = shades.range;
  const step = BAR.height / BAR.steps;
  const steps = Array.from({ length: BAR.steps }, (_, i) => {
    const color = css(shadeColor(valueAt((i + 0.5) / BAR.steps, shades.range), shades));
    return `<rect x="${px(x)}" y="${px(y + BAR.height - (i + 1) * step)}" width="${BAR.width}" height="${px(step + 0.5)}" fill="${color}"/>`;
  });
  const beside = x + BAR.width + 6;
  return [
    ...steps,
    textAt(beside, y + 10, shortNumber(high), { fill: QUIET }),
    textAt(beside, y + BAR.height / 2 + 4, shortNumber(valueAt(0.5, shades.range)), { fill: QUIET }),
    textAt(beside, y + BAR.height, shortNumber(low), { fill: QUIET }),
    textAt(x, y - 8, clipped(shades.label, 18 * CHARACTER)),
  ].join('');
}

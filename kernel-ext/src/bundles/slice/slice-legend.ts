import { shadeColor } from '../../charts/shade-color';
import { valueAt } from '../../charts/share-of';
import { shortNumber } from '../../charts/short-number';
import type { Shades } from '../../charts/chart';
import type { Color } from '../../payload';
import { escaped } from '../../page/page-parts';
import { css, MARK_STYLE, QUIET_STYLE } from '../../page/theme-colors';
import type { Shading } from './slice-shading';
import { type Layout, roundDistance } from './slice-svg';

const BAR_STEPS = 36;
const BAR_STEP = 5;

/** What the colors of a slice mean, and a scale bar for distances, as part of a page. */
export function sliceLegend({ names, shades }: Shading, layout: Layout): string {
  const length = roundDistance(layout);
  const width = Math.round(length * layout.scale);
  const bar = `<div style="width: ${width}px; height: 2px; ${MARK_STYLE}; margin: 10px 0 4px 0"></div>`;
  return [
    ...names.map(({ name, color }) => `<div>${swatch(color, 10, 10)} ${escaped(name)}</div>`),
    shades ? shadeBar(shades) : '',
    bar,
    `<div style="${QUIET_STYLE}">distance ${shortNumber(length)} (l2)</div>`,
  ].join('');
}

/** The scale of shades, with its lowest color at the bottom. */
function shadeBar(shades: Shades): string {
  const { low, high } = shades.range;
  const end = (value: number) => `<div style="${QUIET_STYLE}">${shortNumber(value)}</div>`;
  const steps = Array.from({ length: BAR_STEPS }, (_, i) => {
    const color = shadeColor(valueAt((BAR_STEPS - i - 0.5) / BAR_STEPS, shades.range), shades);
    return `<div style="line-height: ${BAR_STEP}px; height: ${BAR_STEP}px">${swatch(color, 14, BAR_STEP)}</div>`;
  });
  return `<div>${escaped(shades.label)}</div>${end(high)}${steps.join('')}${end(low)}`;
}

function swatch(color: Color, width: number, height: number): string {
  const style = `display: inline-block; width: ${width}px; height: ${height}px; vertical-align: middle`;
  return `<span style="${style}; background-color: ${css(color)}"></span>`;
}

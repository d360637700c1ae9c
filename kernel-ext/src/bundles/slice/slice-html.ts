import type { Slice } from '../../slices/slice';
import { shortNumber } from '../../charts/short-number';
import { block, card, escaped } from '../../page/page-parts';
import { INK_STYLE, PAGE_STYLE, QUIET_STYLE } from '../../page/theme-colors';
import type { Shading } from './slice-shading';
import { sliceLegend } from './slice-legend';
import { captionOf, windowLayout, windowSvg } from './slice-svg';

/** How many polygons, the largest ones, have a tooltip. */
const MOST_HOVERED = 400;
/** How many outputs the tooltip lists, the largest first. */
const MOST_OUTPUTS = 3;

/** A slice as a page without scripts: the window with a tooltip for each region, and the texts in the colors of the page. */
export function sliceHtml(slice: Slice, shading: Shading, title: string): string {
  const layout = windowLayout(slice);
  const caption = captionOf(slice, shading);
  const alt = `${title}. ${caption}`;
  const name = `slice-${slice.polygons[0].pattern.slice(0, 16)}-${slice.regions}`;
  const source = `data:image/svg+xml;base64,${Buffer.from(windowSvg(slice, shading, alt)).toString('base64')}`;
  const areas = largestOf(slice).map(polygon => {
    const coords = slice.polygons[polygon].corners.flatMap(point => layout.pixel(point).map(Math.round));
    return `<area shape="poly" coords="${coords.join(',')}" title="${escaped(hover(slice, polygon))}" alt="">`;
  });
  const quiet = `${QUIET_STYLE}; font-size: 12px`;
  return card(
    `<div style="font-size: 16px"><b>${escaped(title)}</b></div>` +
      `<div style="${quiet}; margin: 0 0 8px 0">${escaped(caption)}</div>` +
      block(
        `<img alt="${escaped(alt)}" width="${layout.width}" height="${layout.height}" usemap="#${name}" ` +
          `style="display: block; margin: 0; max-width: none" src="${source}"><map name="${name}">${areas.join('')}</map>`,
      ) +
      block(sliceLegend(shading, layout)) +
      `<div style="${quiet}">${pointerNote(slice, areas.length)}</div>`,
  );
}

function pointerNote({ regions }: Slice, told: number): string {
  const which = told < regions ? `the ${told} largest regions` : 'a region';
  return `Point at ${which} for outputs and area; <code style="${INK_STYLE}; ${PAGE_STYLE}">await slice.at([s, t])</code> gives W and b there.`;
}

const largestOf = ({ polygons }: Slice): number[] =>
  [...polygons.keys()].sort((a, b) => polygons[b].area - polygons[a].area).slice(0, MOST_HOVERED);

/** Describes a region: its number and area, a point in its middle, and the largest outputs there. */
function hover(slice: Slice, polygon: number): string {
  const { corners, outputs, pattern } = slice.polygons[polygon];
  const { labels } = slice;
  const count = labels.length;
  const means = labels.map(
    (_, c) => corners.reduce((sum, _, i) => sum + outputs[i * count + c], 0) / corners.length,
  );
  const order = [...means.keys()].sort((a, b) => means[b] - means[a]).slice(0, MOST_OUTPUTS);
  const middle = [0, 1].map(axis => corners.reduce((sum, point) => sum + point[axis], 0) / corners.length);
  return [
    `region ${polygon}, area ${shortNumber(slice.areaOf(polygon))}`,
    `[s, t] = [${middle.map(shortNumber).join(', ')}]`,
    ...order.map(c => `${labels[c]}: ${shortNumber(means[c])}`),
    `pattern ${pattern.slice(0, 8)}…`,
  ].join('\n');
}

import type { Slice } from '../../slices/slice';
import { shortNumber } from '../../charts/short-number';
import { card, escaped } from '../../page/page-parts';
import { percent } from '../../payload';
import type { Bundle } from '../../sink/sink';
import { shadingOf, type SliceView } from './slice-shading';
import { layoutOf, sliceSvg } from './slice-svg';

/** How many polygons, the largest ones, have a tooltip. */
const MOST_HOVERED = 400;
/** How many outputs the tooltip lists, the largest first. */
const MOST_OUTPUTS = 3;

/**
 * A slice as a page without scripts, whose tooltips give class, outputs and area of a region; as SVG; and as text.
 * @throws {SliceColorError} for an unknown coloring; {ClassIndexError} for an output that does not exist
 */
export function sliceBundle(slice: Slice, view: SliceView = {}): Bundle {
  const shading = shadingOf(slice, view);
  const title =
    view.title ?? `${slice.regions.toLocaleString('en')} linear regions in the plane through three inputs`;
  const svg = sliceSvg(slice, shading, title);
  return {
    'text/html': page(slice, svg, `${title}. ${shading.caption}`),
    'image/svg+xml': svg,
    'text/plain': textOf(slice, title),
  };
}

function page(slice: Slice, svg: string, alt: string): string {
  const layout = layoutOf(slice);
  const name = `slice-${slice.polygons[0].pattern.slice(0, 16)}-${slice.regions}`;
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const areas = largestOf(slice).map(polygon => {
    const coords = slice.polygons[polygon].corners.flatMap(point => layout.pixel(point).map(Math.round));
    return `<area shape="poly" coords="${coords.join(',')}" title="${escaped(hover(slice, polygon))}" alt="">`;
  });
  return card(
    `<img alt="${escaped(alt)}" width="${layout.width}" height="${layout.height}" usemap="#${name}" ` +
      `style="display: block; margin: 0; max-width: none" src="${source}"><map name="${name}">${areas.join('')}</map>` +
      `<div style="color: #666666; font-size: 12px">${pointerNote(slice, areas.length)}</div>`,
  );
}

function pointerNote({ regions }: Slice, told: number): string {
  const which = told < regions ? `the ${told} largest regions` : 'a region';
  return `Point at ${which} for outputs and area; <code>await slice.at([s, t])</code> gives W and b there.`;
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

function textOf(slice: Slice, title: string): string {
  const { shares, classes, boundaries, area, polygons } = slice;
  const sizes = polygons.map((_, i) => slice.areaOf(i)).sort((a, b) => a - b);
  const present = [...shares.keys()].filter(c => shares[c] > 0).sort((a, b) => shares[b] - shares[a]);
  return [
    title,
    `window ${shortNumber(area)} (l2 squared), regions from ${shortNumber(sizes[0])} to ${shortNumber(sizes.at(-1)!)}, median ${shortNumber(sizes[sizes.length >> 1])}`,
    `classes: ${present.map(c => `${classes[c]} ${percent(shares[c])}`).join(', ')}; ${boundaries.length} straight pieces of border between them`,
  ].join('\n');
}

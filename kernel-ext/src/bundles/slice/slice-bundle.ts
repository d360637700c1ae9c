import type { Slice } from '../../slices/slice';
import { shortNumber } from '../../charts/short-number';
import { percent } from '../../payload';
import type { Bundle } from '../../sink/sink';
import { shadingOf, type SliceView } from './slice-shading';
import { sliceHtml } from './slice-html';
import { sliceSvg } from './slice-svg';

/**
 * A slice as a page without scripts, whose tooltips give class, outputs and area of a region; as SVG; and as text.
 * @throws {SliceColorError} for an unknown coloring; {ClassIndexError} for an output that does not exist
 */
export function sliceBundle(slice: Slice, view: SliceView = {}): Bundle {
  const shading = shadingOf(slice, view);
  const title =
    view.title ?? `${slice.regions.toLocaleString('en')} linear regions in the plane through three inputs`;
  return {
    'text/html': sliceHtml(slice, shading, title),
    'image/svg+xml': sliceSvg(slice, shading, title),
    'text/plain': textOf(slice, title),
  };
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

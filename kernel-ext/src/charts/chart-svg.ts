import { CHARACTER, clipped, line, px, QUIET, svgPicture, textAt } from '../page/svg-parts';
import { type AxisScale, axisScale } from './axis-scale';
import { type Chart, type Panel, PANELS_PER_ROW } from './chart';
import { legend, legendEntries, shadeBar } from './legend-svg';
import { extentsOf } from './mark-extents';
import { type Frame, markSvg } from './mark-svg';

const WIDTH = 760;
const PANEL_HEIGHT = 300;
const MARGIN = { top: 20, right: 16, bottom: 46, left: 58 };
const HEAD = 58;
const LEGEND = 150;
/** Longer names of rows are cut. */
const MOST_CHARACTERS = 16;
const GRID = '#e4e4e4';

/*
 * Why no library draws these pictures. Measured in November 2026 with Node.js 20.20; this code loads in 30 ms, draws most charts in
 * 1 ms, and needs 88 kB for 10,000 points and 54 kB for a matrix of 150 × 180 numbers.
 * - Observable Plot 0.6.17 with linkedom 0.18.15 adds 62 packages and loads in 200 ms (with happy-dom instead, in 350 ms). It draws
 *   one element per number: 654 kB for the points, and for the matrix 3.3 MB, with seams between the cells. What would help, its
 *   raster mark, fails without a canvas, and so does the legend of a color scale. Margins are fixed, and long names are neither cut
 *   nor thinned: they overlap or leave the picture. Each plot carries a style sheet.
 * - vega 6.4 cannot be required from CommonJS, because it awaits an optional canvas at top level. vega 5.33 with vega-lite 5.23 can;
 *   it occupies 42 MB, takes 10 to 70 ms for every chart, and needs 1.8 MB for the points and 3.3 MB for the matrix. Texts are
 *   measured only where a canvas is installed, so the layout depends on the machine; and the ids of its color scales
 *   (`gradient_0`) clash where a page shows several pictures.
 * Plot leaves titles and the legend of several panels to the caller, and both print small numbers as "0.0000000000025". So
 * d3-array computes ticks, bins and quartiles, and the rest is here.
 */

/** The chart as an SVG picture, with its title and caption as text alternative. */
export function chartSvg({ title, caption, panels }: Chart): string {
  const columns = Math.min(panels.length, PANELS_PER_ROW);
  const rows = Math.ceil(panels.length / PANELS_PER_ROW);
  const entries = legendEntries(panels);
  const shades = panels.find(panel => panel.shades)?.shades;
  const side = entries.length > 0 || shades ? LEGEND : 0;
  const width = WIDTH + (side > 0 && columns === 1 ? 0 : side);
  const cell = (width - side) / columns;
  const height = HEAD + rows * PANEL_HEIGHT;
  const drawn = panels.map((panel, i) => {
    const top = HEAD + Math.floor(i / PANELS_PER_ROW) * PANEL_HEIGHT;
    return panelSvg(panel, (i % PANELS_PER_ROW) * cell, top, cell);
  });
  const beside = width - side + 8;
  return svgPicture({ width, height, alternative: `${title}. ${caption}` }, [
    textAt(12, 24, title, { size: 16, weight: 'bold' }),
    textAt(12, 42, clipped(caption, width - 24), { fill: QUIET }),
    ...drawn,
    ...(shades ? [shadeBar(shades, beside, HEAD + MARGIN.top)] : []),
    ...(entries.length > 0 ? [legend(entries, beside, HEAD + MARGIN.top, LEGEND - 16)] : []),
  ]);
}

function panelSvg(panel: Panel, left: number, top: number, width: number): string {
  const extents = extentsOf(panel);
  const ends = { top: top + MARGIN.top, bottom: top + PANEL_HEIGHT - MARGIN.bottom };
  const y = axisScale(panel.y, extents.y, [ends.bottom, ends.top]);
  const longest = Math.max(0, ...y.ticks.map(({ text }) => text.length));
  const indent = Math.max(MARGIN.left, Math.min(longest, MOST_CHARACTERS) * CHARACTER + 26);
  const frame: Frame = { ...ends, left: left + indent, right: left + width - MARGIN.right };
  const x = axisScale(panel.x, extents.x, [frame.left, frame.right]);
  const hasGrid = !panel.marks.some(({ type }) => type === 'cells');
  return [
    ...(panel.title ? [textAt(frame.left, frame.top - 7, panel.title, { weight: 'bold' })] : []),
    xAxis(x, panel, frame, hasGrid && !panel.x.categories),
    yAxis(y, panel, frame, left + 14, hasGrid),
    ...panel.marks.map(mark => markSvg(mark, { x, y, panel, frame })),
  ].join('\n');
}

function xAxis(
  scale: AxisScale,
  { x }: Panel,
  { left, right, top, bottom }: Frame,
  hasGrid: boolean,
): string {
  const room = (right - left) / Math.max(1, scale.ticks.length);
  const longest = Math.max(0, ...scale.ticks.map(({ text }) => text.length));
  // Only as many names as fit without touching, each cut to its share of the width.
  const every = Math.max(1, Math.ceil(Math.min(longest * CHARACTER + 10, 110) / room));
  const shown = scale.ticks.filter((_, i) => i % every === 0);
  const ticks = shown.map(({ at, text }) =>
    textAt(scale(at), bottom + 16, clipped(text, room * every), { anchor: 'middle', fill: QUIET }),
  );
  const lines = hasGrid ? scale.ticks.map(({ at }) => line(scale(at), top, scale(at), bottom, GRID)) : [];
  const label = textAt((left + right) / 2, bottom + 36, x.label, { anchor: 'middle' });
  return [...lines, line(left, bottom, right, bottom, QUIET), ...ticks, label].join('');
}

function yAxis(
  scale: AxisScale,
  { y }: Panel,
  { left, right, top, bottom }: Frame,
  at: number,
  hasGrid: boolean,
): string {
  const room = (bottom - top) / Math.max(1, scale.ticks.length);
  const every = Math.max(1, Math.ceil(13 / room));
  const shown = scale.ticks.filter((_, i) => i % every === 0);
  const ticks = shown.map(tick =>
    textAt(left - 7, scale(tick.at) + 4, clipped(tick.text, MOST_CHARACTERS * CHARACTER), {
      anchor: 'end',
      fill: QUIET,
    }),
  );
  const lines = hasGrid
    ? shown.map(tick => line(left, scale(tick.at), right, scale(tick.at), tick.at === 0 ? QUIET : GRID))
    : [];
  const middle = (top + bottom) / 2;
  const label = `<g transform="rotate(-90 ${px(at)} ${px(middle)})">${textAt(at, middle, y.label, { anchor: 'middle' })}</g>`;
  return [...lines, ...ticks, label].join('');
}

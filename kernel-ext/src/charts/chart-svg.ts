import { escaped } from '../page/page-parts';
import type { Chart, Panel } from './chart';
import { type AxisScale, axisScale, reachOf } from './axis-scale';
import { legend, legendEntries, shadeBar } from './legend-svg';
import { type Frame, markSvg } from './mark-svg';
import { CHARACTER, clipped, line, px, QUIET, textAt } from './svg-parts';

const WIDTH = 760;
const PANEL_HEIGHT = 300;
const PANELS_A_ROW = 2;
const MARGIN = { top: 20, right: 16, bottom: 46, left: 58 };
const HEAD = 58;
const LEGEND = 150;
const GRID = '#e4e4e4';

/** The chart as an SVG picture on white, without scripts and styles, with its title and caption as text alternative. */
export function chartSvg({ title, caption, panels }: Chart): string {
  const columns = Math.min(panels.length, PANELS_A_ROW);
  const rows = Math.ceil(panels.length / PANELS_A_ROW);
  const entries = legendEntries(panels);
  const shades = panels.find(panel => panel.shades)?.shades;
  const side = entries.length > 0 || shades ? LEGEND : 0;
  const width = WIDTH + (side > 0 && columns === 1 ? 0 : side);
  const cell = (width - side) / columns;
  const height = HEAD + rows * PANEL_HEIGHT;
  const drawn = panels.map((panel, i) => {
    const top = HEAD + Math.floor(i / PANELS_A_ROW) * PANEL_HEIGHT;
    return panelSvg(panel, (i % PANELS_A_ROW) * cell, top, cell);
  });
  const beside = width - side + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(`${title}. ${caption}`)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    textAt(12, 24, title, { size: 16, weight: 'bold' }),
    textAt(12, 42, clipped(caption, width - 24), { fill: QUIET }),
    ...drawn,
    ...(shades ? [shadeBar(shades, beside, HEAD + MARGIN.top)] : []),
    ...(entries.length > 0 ? [legend(entries, beside, HEAD + MARGIN.top, LEGEND - 16)] : []),
    '</svg>',
  ].join('\n');
}

function panelSvg(panel: Panel, left: number, top: number, width: number): string {
  const reach = reachOf(panel);
  const rowNames = Math.max(0, ...(panel.y.categories ?? []).map(name => Math.min(name.length, 16)));
  const indent = Math.max(MARGIN.left, rowNames * CHARACTER + 26);
  const frame: Frame = {
    left: left + indent,
    right: left + width - MARGIN.right,
    top: top + MARGIN.top,
    bottom: top + PANEL_HEIGHT - MARGIN.bottom,
  };
  const x = axisScale(panel.x, reach.x, [frame.left, frame.right]);
  const y = axisScale(panel.y, reach.y, [frame.bottom, frame.top]);
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
  // As many names as fit without touching, then cut to their room.
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
    textAt(left - 7, scale(tick.at) + 4, clipped(tick.text, 16 * CHARACTER), { anchor: 'end', fill: QUIET }),
  );
  const lines = hasGrid
    ? shown.map(tick => line(left, scale(tick.at), right, scale(tick.at), tick.at === 0 ? QUIET : GRID))
    : [];
  const middle = (top + bottom) / 2;
  const label = `<g transform="rotate(-90 ${px(at)} ${px(middle)})">${textAt(at, middle, y.label, { anchor: 'middle' })}</g>`;
  return [...lines, ...ticks, label].join('');
}

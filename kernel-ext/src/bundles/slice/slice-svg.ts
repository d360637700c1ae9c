import type { PlanePoint } from '../../slices/plane';
import type { Slice } from '../../slices/slice';
import { shortNumber } from '../../charts/short-number';
import { legend, shadeBar } from '../../charts/legend-svg';
import { clipped, line, px, QUIET, svgPicture, textAt } from '../../page/svg-parts';
import { toPng } from '../../page/png';
import { paintPolygons, type Pixel } from './polygon-raster';
import type { Shading } from './slice-shading';

/** The longer side of the window in pixels. */
const SIDE = 480;
/** Borders of regions are drawn only if there are at most this many; more would cover the colors. */
const MOST_OUTLINED = 3000;
const HEAD = 54;
const FOOT = 34;
const LEFT = 12;
const LEGEND = 190;
const NARROWEST = 560;

/** Maps corners of a slice to pixels of its picture. */
export interface Layout {
  width: number;
  height: number;
  /** The window in the picture. */
  frame: { left: number; top: number; width: number; height: number };
  /** Pixels for one unit of l2 distance. */
  scale: number;
  pixel(point: PlanePoint): Pixel;
}

/** The layout of the window between a title, a scale and a legend. */
export function layoutOf(slice: Slice): Layout {
  const window = windowAt(slice, LEFT, HEAD);
  const { frame } = window;
  return {
    ...window,
    width: Math.max(NARROWEST, frame.width + LEFT + LEGEND),
    height: HEAD + Math.max(frame.height, 220) + FOOT,
  };
}

/** The layout of the window alone. */
export const windowLayout = (slice: Slice): Layout => windowAt(slice, 1, 1);

/** The window with its upper left corner at (left, top). */
function windowAt(slice: Slice, left: number, top: number): Layout {
  const corners = slice.window.map(point => slice.flat(point));
  const [low, high] = [Math.min, Math.max].map(most =>
    [0, 1].map(axis => most(...corners.map(c => c[axis]))),
  );
  const [wide, tall] = [high[0] - low[0], high[1] - low[1]];
  const scale = SIDE / Math.max(wide, tall);
  const frame = { left, top, width: Math.round(wide * scale), height: Math.round(tall * scale) };
  return {
    width: frame.width + 2 * left,
    height: frame.height + 2 * top,
    frame,
    scale,
    pixel: point => {
      const [u, v] = slice.flat(point);
      return [frame.left + (u - low[0]) * scale, frame.top + (high[1] - v) * scale];
    },
  };
}

/** The window as an SVG picture on white, without scripts: regions, class borders, the three inputs, and a legend of the colors. */
export function sliceSvg(slice: Slice, shading: Shading, title: string): string {
  const layout = layoutOf(slice);
  const { width, height, frame } = layout;
  const beside = frame.left + frame.width + 20;
  const caption = captionOf(slice, shading);
  return svgPicture({ width, height, alternative: `${title}. ${caption}` }, [
    textAt(LEFT, 22, clipped(title, width * 0.75), { size: 16, weight: 'bold' }),
    textAt(LEFT, 42, clipped(caption, width - 2 * LEFT), { fill: QUIET }),
    ...windowParts(slice, shading, layout),
    scaleLine(layout),
    legend(
      shading.names.map(entry => ({ ...entry, isLine: false, isDashed: false })),
      beside,
      frame.top + 4,
      LEGEND - 30,
    ),
    shading.shades ? shadeBar(shading.shades, beside, frame.top + 24) : '',
  ]);
}

/** The window alone as an SVG picture, to stand in a page that has the texts around it. */
export function windowSvg(slice: Slice, shading: Shading, alternative: string): string {
  const layout = windowLayout(slice);
  return svgPicture({ ...layout, alternative }, windowParts(slice, shading, layout));
}

export const captionOf = (slice: Slice, { caption }: Shading): string =>
  `${caption}. ${slice.boundaries.length > 0 ? 'Thick lines: borders between classes.' : ''}`;

/** Regions, borders and inputs in their frame. */
function windowParts(slice: Slice, shading: Shading, layout: Layout): string[] {
  const { left, top, width, height } = layout.frame;
  return [
    painted(slice, shading, layout),
    slice.regions <= MOST_OUTLINED ? outlines(slice, layout) : '',
    boundaries(slice, layout),
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#d9d9d9"/>`,
    ...inputs(layout),
  ];
}

function painted(slice: Slice, { parts, sharpness }: Shading, { frame, pixel }: Layout): string {
  const toPaint = (point: PlanePoint): Pixel => {
    const [x, y] = pixel(point);
    return [(x - frame.left) * sharpness, (y - frame.top) * sharpness];
  };
  const back = affine(toPaint, slice.window);
  const shades = parts.map(({ corners, color }) => ({
    corners: corners.map(toPaint),
    color: typeof color === 'function' ? (at: Pixel) => color(back(at)) : color,
  }));
  const picture = paintPolygons(shades, frame.width * sharpness, frame.height * sharpness);
  return (
    `<image x="${frame.left}" y="${frame.top}" width="${frame.width}" height="${frame.height}" preserveAspectRatio="none" ` +
    `href="data:image/png;base64,${toPng(picture).toString('base64')}"/>`
  );
}

/** Maps pixels back to corners, as the corners of the window determine. */
function affine(
  to: (point: PlanePoint) => Pixel,
  [p, q, , r]: readonly PlanePoint[],
): (at: Pixel) => PlanePoint {
  const [a, b, c] = [p, q, r].map(to);
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  return ([x, y]) => {
    const u = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area;
    const v = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area;
    return [p[0] + u * (q[0] - p[0]) + v * (r[0] - p[0]), p[1] + u * (q[1] - p[1]) + v * (r[1] - p[1])];
  };
}

/** Draws every edge once, although two regions share it. */
function outlines({ polygons }: Slice, { pixel }: Layout): string {
  const edges = new Set<string>();
  for (const { corners } of polygons) {
    const ends = corners.map(point => pixel(point).map(px).join(' '));
    ends.forEach((end, i) => edges.add([end, ends[(i + 1) % ends.length]].sort().join('L')));
  }
  const d = Array.from(edges, edge => `M${edge}`).join('');
  return `<path d="${d}" fill="none" stroke="#ffffff" stroke-width="0.6" stroke-opacity="0.6"/>`;
}

function boundaries({ boundaries }: Slice, { pixel }: Layout): string {
  const d = boundaries
    .map(({ from, to }) => `M${[from, to].map(point => pixel(point).map(fine).join(' ')).join('L')}`)
    .join('');
  return d && `<path d="${d}" fill="none" stroke="#111111" stroke-width="1.8" stroke-linecap="round"/>`;
}

/** The three inputs, where the window shows them. */
function inputs({ pixel, frame }: Layout): string[] {
  const marks: [string, PlanePoint][] = [
    ['x₀', [0, 0]],
    ['x₁', [1, 0]],
    ['x₂', [0, 1]],
  ];
  return marks.flatMap(([name, point]) => {
    const [x, y] = pixel(point);
    const [right, down] = [x - frame.left, y - frame.top];
    if (right < 0 || down < 0 || right > frame.width || down > frame.height) return [];
    const beyond = right > frame.width - 40 ? -10 : 10;
    const text = {
      x: x + beyond,
      y: down < 20 ? y + 16 : y - 8,
      anchor: beyond < 0 ? 'end' : 'start',
    } as const;
    return [
      `<circle cx="${px(x)}" cy="${px(y)}" r="5" fill="#ffffff" stroke="#111111" stroke-width="1.8"/>`,
      `<g stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${textAt(text.x, text.y, name, { anchor: text.anchor, size: 14, weight: 'bold' })}</g>`,
    ];
  });
}

/** A round distance between inputs, at most 0.3 of the width of the window. */
export function roundDistance({ frame, scale }: Layout): number {
  const longest = (0.3 * frame.width) / scale;
  const power = 10 ** Math.floor(Math.log10(longest));
  return [5, 2, 1].map(n => n * power).find(n => n <= longest)!;
}

/** A scale bar: a round distance between inputs, drawn at its length in the picture. */
function scaleLine(layout: Layout): string {
  const { frame, scale } = layout;
  const length = roundDistance(layout);
  const y = frame.top + frame.height + 14;
  const end = frame.left + length * scale;
  return (
    line(frame.left, y, end, y, '#111111', 2) +
    textAt(end + 8, y + 4, `distance ${shortNumber(length)} (l2)`, { fill: QUIET })
  );
}

const fine = (value: number): string => String(Math.round(value * 100) / 100);

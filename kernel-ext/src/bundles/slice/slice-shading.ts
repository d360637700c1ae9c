import { ClassIndexError } from '../../errors';
import { signedRange, outputColors, type Color, percent } from '../../payload';
import type { PlanePoint } from '../../slices/plane';
import type { Slice } from '../../slices/slice';
import type { Shades } from '../../charts/chart';
import { shadeColor } from '../../charts/shade-color';
import { viridis } from '../../charts/viridis';
import { SliceColorError } from '../../display/errors';

/** How a slice is shown. */
export interface SliceView {
  /**
   * 'class' (default): which output is largest. 'output': the value of one, exact at every pixel. 'area': how large the
   * polygon is. 'pattern': a color from the hash of the activation pattern.
   */
  color?: 'class' | 'output' | 'area' | 'pattern';
  /** The output whose value colors the slice if `color` is 'output', from 0 to C − 1. Default: 0. */
  output?: number;
  title?: string;
}

/** A part of the window with its color. */
export interface Shaded {
  polygon: number;
  corners: readonly PlanePoint[];
  /** One color for the whole part, or a color for each point. */
  color: Color | ((point: PlanePoint) => Color);
}

/** The window in its colors, and what they mean. */
export interface Shading {
  parts: Shaded[];
  /** Painted pixels per pixel of the picture; smooth changes of color need fewer. */
  sharpness: number;
  caption: string;
  names: { name: string; color: Color }[];
  shades: Shades | null;
}

/** @throws SliceColorError, ClassIndexError */
export function shadingOf(slice: Slice, { color = 'class', output = 0 }: SliceView): Shading {
  const shading = SHADINGS[color];
  if (shading === undefined) throw new SliceColorError(color, Object.keys(SHADINGS));
  return shading(slice, output);
}

const SHADINGS: Record<string, ((slice: Slice, output: number) => Shading) | undefined> = {
  class: byClass,
  output: byOutput,
  area: byArea,
  pattern: byPattern,
};

function byClass(slice: Slice): Shading {
  const { cells, shares, classes } = slice;
  const colors = outputColors(classes, [...classes.keys()]).map(pale);
  const present = [...shares.keys()].filter(c => shares[c] > 0).sort((a, b) => shares[b] - shares[a]);
  return {
    parts: cells.map(({ class: own, corners, polygon }) => ({ polygon, corners, color: colors[own] })),
    sharpness: 2,
    caption: 'Colors: the class with the largest output',
    names: present.map(c => ({ name: `${classes[c]} · ${percent(shares[c])}`, color: colors[c] })),
    shades: null,
  };
}

function byOutput({ polygons, labels }: Slice, output: number): Shading {
  if (!Number.isInteger(output) || output < 0 || output >= labels.length)
    throw new ClassIndexError(output, labels.length);
  const all = Float32Array.from(
    polygons.flatMap(({ outputs }) => [...valuesOf(outputs, output, labels.length)]),
  );
  const isSigned = all.some(y => y < 0) && all.some(y => y > 0);
  const range = isSigned
    ? signedRange(all)
    : all.reduce(({ low, high }, y) => ({ low: Math.min(low, y), high: Math.max(high, y) }), {
        low: Infinity,
        high: -Infinity,
      });
  const shades: Shades = { range, isSigned, label: `F(x) of ${labels[output]}` };
  return {
    parts: polygons.map(({ corners, outputs }, polygon) => {
      const plane = planeThrough(corners, valuesOf(outputs, output, labels.length));
      return { polygon, corners, color: point => shadeColor(stepped(plane(point), shades), shades) };
    }),
    sharpness: 1,
    caption: `Colors: output ${labels[output]}`,
    names: [],
    shades,
  };
}

/** Shades of one output: nobody could tell more of them apart, and they would make the picture several times larger. */
const STEPS = 96;

function stepped(value: number, { range: { low, high } }: Shades): number {
  const step = (high - low) / STEPS || 1;
  return low + step * Math.round((value - low) / step);
}

/** Regions that cover less than this share of the window, about a pixel, are too small to see and get one color. */
const VISIBLE = 480 ** 2;

function byArea(slice: Slice): Shading {
  const least = Math.log10(slice.area / VISIBLE);
  const sizes = slice.polygons.map((_, i) => Math.max(least, Math.log10(slice.areaOf(i))));
  const range = sizes.reduce(
    ({ low, high }, size) => ({ low: Math.min(low, size), high: Math.max(high, size) }),
    { low: Infinity, high: -Infinity },
  );
  const shades: Shades = { range, isSigned: false, label: 'log₁₀ of the area' };
  return {
    parts: slice.polygons.map(({ corners }, polygon) => ({
      polygon,
      corners,
      color: shadeColor(sizes[polygon], shades),
    })),
    sharpness: 1,
    caption: 'Colors: the area of each region in the plane',
    names: [],
    shades,
  };
}

function byPattern({ polygons }: Slice): Shading {
  return {
    parts: polygons.map(({ corners, pattern }, polygon) => ({
      polygon,
      corners,
      color: viridis(parseInt(pattern.slice(0, 8), 16) / 2 ** 32),
    })),
    sharpness: 1,
    caption: 'Colors: one per pattern, from its hash',
    names: [],
    shades: null,
  };
}

/** One output at all corners of a polygon. */
const valuesOf = (outputs: Float32Array, output: number, classes: number): Float32Array =>
  outputs.filter((_, i) => i % classes === output);

/** The affine function with these values at the corners, from the three that span the largest triangle with the first. */
function planeThrough(
  corners: readonly PlanePoint[],
  values: ArrayLike<number>,
): (point: PlanePoint) => number {
  const [s0, t0] = corners[0];
  const twice = (i: number, j: number) =>
    (corners[i][0] - s0) * (corners[j][1] - t0) - (corners[j][0] - s0) * (corners[i][1] - t0);
  let best = [1, 2];
  for (let i = 1; i < corners.length; i++)
    for (let j = i + 1; j < corners.length; j++)
      if (Math.abs(twice(i, j)) > Math.abs(twice(best[0], best[1]))) best = [i, j];
  const [i, j] = best;
  const area = twice(i, j);
  return ([s, t]) => {
    const a = ((s - s0) * (corners[j][1] - t0) - (corners[j][0] - s0) * (t - t0)) / area;
    const b = ((corners[i][0] - s0) * (t - t0) - (s - s0) * (corners[i][1] - t0)) / area;
    return values[0] + a * (values[i] - values[0]) + b * (values[j] - values[0]);
  };
}

/** The color of a class, light enough for lines and names to be drawn on it. */
const pale = (color: Color): Color =>
  color.map(part => Math.round(part + 0.35 * (255 - part))) as unknown as Color;

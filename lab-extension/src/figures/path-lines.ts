import type { Range } from 'piecewise/payload';

/** Some outputs of a network along a path: n breakpoints with K outputs each. */
export interface PathLines {
  /** [n], from 0 to 1 */
  t: Float32Array;
  /** [n·K], row major */
  values: Float32Array;
  /** The indices of the K outputs. */
  shown: readonly number[];
  /** [n]: the layer whose gate switches at each breakpoint. */
  layerOf: Float32Array;
}

/** The plane in which lines are drawn; the page stretches it to the space available. */
export const PLANE = { width: 1000, height: 300 } as const;

/** The range of the shown outputs, widened by 4 % of its length at each end. */
export function reachOf({ values }: Pick<PathLines, 'values'>): Range {
  const low = values.reduce((least, v) => Math.min(least, v), Infinity);
  const high = values.reduce((most, v) => Math.max(most, v), -Infinity);
  const pad = 0.04 * (high - low || Math.abs(high) || 1);
  return { low: low - pad, high: high + pad };
}

/** Where a value lies, as a share of the height from the top. */
export const heightOf = (value: number, { low, high }: Range): number => (high - value) / (high - low);

/** One output as an SVG path through all breakpoints. */
export function linePath({ t, values, shown }: PathLines, k: number, range: Range): string {
  const point = (i: number) => {
    const y = heightOf(values[i * shown.length + k], range) * PLANE.height;
    return `${(t[i] * PLANE.width).toFixed(2)} ${y.toFixed(2)}`;
  };
  return `M${Array.from(t, (_, i) => point(i)).join('L')}`;
}

/** One stroke per breakpoint of a layer, from top to bottom of a strip of height 1. */
export function tickPath({ t, layerOf }: PathLines, layer: number): string {
  const own = t.filter((_, i) => layerOf[i] === layer);
  return Array.from(own, at => `M${(at * PLANE.width).toFixed(1)} 0v1`).join('');
}

import type { Way } from '../path/path-data';
import type { Range } from './color-scale';

/** Width and height of the plane that lines are drawn in; it is stretched to the place that there is. */
export const PLANE = { width: 1000, height: 300 } as const;

/** What the shown outputs reach, a little wider; zero is in it if it is near. */
export function reachOf({ values }: Way): Range {
  const low = values.reduce((least, v) => Math.min(least, v), Infinity);
  const high = values.reduce((most, v) => Math.max(most, v), -Infinity);
  const pad = 0.04 * (high - low || 1);
  return { low: low - pad, high: high + pad };
}

/** The share of the height, from the top, at which a value stands. */
export const heightOf = (value: number, { low, high }: Range): number => (high - value) / (high - low);

/** One output as an SVG path through all breakpoints. */
export function linePath({ t, values, shown }: Way, k: number, range: Range): string {
  const place = (i: number) => {
    const y = heightOf(values[i * shown.length + k], range) * PLANE.height;
    return `${(t[i] * PLANE.width).toFixed(2)} ${y.toFixed(2)}`;
  };
  return `M${Array.from(t, (_, i) => place(i)).join('L')}`;
}

/** A stroke from top to bottom of a strip of height 1 for each breakpoint of a layer. */
export function tickPath({ t, layerOf }: Way, layer: number): string {
  const places = t.filter((_, i) => layerOf[i] === layer);
  return Array.from(places, at => `M${(at * PLANE.width).toFixed(1)} 0v1`).join('');
}

import type { Color } from '../payload';

/** Nine stops of viridis (van der Walt and Smith 2015): even in lightness, and readable with any color vision. */
const STOPS: readonly Color[] = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
];

/** @param share 0…1; values beyond are clamped */
export function viridis(share: number): Color {
  const position = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(position));
  const [low, high] = [STOPS[below], STOPS[below + 1]];
  return [0, 1, 2].map(c => Math.round(low[c] + (high[c] - low[c]) * (position - below))) as unknown as Color;
}

/** The scale in plotly's notation. */
export const viridisScale = (): [number, string][] =>
  STOPS.map((color, i) => [i / (STOPS.length - 1), `rgb(${color.join(', ')})`]);

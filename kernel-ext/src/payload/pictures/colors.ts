import { type Range, rangeOf } from '../range';

/** Red, green, blue from 0 to 255. */
export type Color = readonly [number, number, number];

/** The colors that carry meaning. The page adapts them to its theme; twins, which stand on a white card, use `COLORS`. */
export interface Palette {
  /** Zero: it looks like the empty page. */
  page: Color;
  /** The input. */
  ink: Color;
  /** Adds to the output. */
  adds: Color;
  /** Takes away from it. */
  takes: Color;
}

/**
 * The one color code: orange adds, blue takes away, gray is bias, ink is the input, and zero is the page.
 * Twins stand on a white card, since nobody knows the theme of the page that will show them.
 */
export const COLORS = {
  page: [255, 255, 255],
  ink: [0, 0, 0],
  adds: [179, 88, 6],
  takes: [31, 108, 176],
  bias: [130, 130, 130],
  line: [217, 217, 217],
} as const satisfies Palette & Record<string, Color>;

/** Which contributions are drawn. */
export type SignFilter = 'all' | 'positive' | 'negative';

/** How color grows with magnitude: in proportion, or with its square root, so that faint values show. */
export type Scale = 'linear' | 'root';

/** The largest magnitude: the scale of a signed image goes from −limit to +limit, so that zero is its middle. */
export function symmetricLimit(values: Float32Array): number {
  return values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
}

/** The symmetric range of signed values, so that zero is its middle. */
export function signedRange(values: Float32Array): Range {
  const limit = symmetricLimit(values);
  return { low: -limit, high: limit };
}

/** The range in which an input is shown: [0, 1] or [0, 255] if its values fit, else from its lowest to its highest value. */
export function inputRange(values: Float32Array): Range {
  const { low, high } = rangeOf(values);
  if (low >= 0 && high <= 1) return { low: 0, high: 1 };
  if (low >= 0 && high <= 255 && high > 2) return { low: 0, high: 255 };
  return { low, high };
}

/** The color of a signed value: `zero` (the page) at 0, `adds` at +limit, `takes` at −limit. */
export function divergingColor(
  value: number,
  limit: number,
  palette: Palette,
  { zero = palette.page, scale = 'linear' }: { zero?: Color; scale?: Scale } = {},
): Color {
  const share = limit === 0 ? 0 : Math.min(1, Math.abs(value) / limit);
  return mix(zero, value < 0 ? palette.takes : palette.adds, scale === 'root' ? Math.sqrt(share) : share);
}

/** The color of pixel i of an input: its own for three channels, ink for one, the mean in ink for any other number. */
export function inputColor(
  values: Float32Array,
  channels: number,
  { low, high }: Range,
  palette: Palette,
): (i: number) => Color {
  const share = (v: number) => (high === low ? 0 : (v - low) / (high - low));
  if (channels === 3)
    return i => [255 * share(values[3 * i]), 255 * share(values[3 * i + 1]), 255 * share(values[3 * i + 2])];
  return i => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[i * channels + c];
    return mix(palette.page, palette.ink, share(sum / channels));
  };
}

/**
 * The color of zero where an input shows behind signed values: between the page (share 0) and the gray of the input (share 1).
 * Rec. 601 luma, since color would compete with the colors of the signs.
 */
export function zeroOver([r, g, b]: Color, share: number, palette: Palette): Color {
  const gray = 0.299 * r + 0.587 * g + 0.114 * b;
  return mix(palette.page, [gray, gray, gray], share);
}

/** How strongly a photograph shows behind its contributions unless somebody chooses otherwise. */
export const BACKDROP = 0.6;

/** The color between two colors, at a share from 0 to 1. */
export function mix(from: Color, to: Color, share: number): Color {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

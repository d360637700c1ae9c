/** Which contributions are drawn. */
export type SignFilter = 'all' | 'positive' | 'negative';

/** How color grows with magnitude: in proportion to it, or to its square root, so that faint values show. */
export type Scale = 'linear' | 'root';

/** Red, green, blue from 0 to 255. */
export type Color = readonly [number, number, number];

/** The colors that carry meaning, in the current theme of the page. */
export interface Palette {
  /** Zero: nothing looks like nothing. */
  page: Color;
  /** The input. */
  ink: Color;
  /** Adds to the logit. */
  adds: Color;
  /** Takes away from it. */
  takes: Color;
}

/** Lowest and highest value of a scale. */
export interface Range {
  low: number;
  high: number;
}

/** The largest magnitude. The scale of a signed image runs from −limit to +limit, with zero in the middle. */
export function symmetricLimit(values: Float32Array): number {
  return values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
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

/** How a signed image is drawn. */
export interface SignedStyle {
  /** Values of the other sign are left blank. Default: 'all'. */
  sign?: SignFilter;
  scale?: Scale;
  /** [4·H·W] RGBA of the picture behind; its gray shows through by `share`, 0 (default) to 1. */
  behind?: Uint8ClampedArray;
  share?: number;
}

/** [4·H·W] RGBA of a signed image. */
export function paintSigned(
  plane: Float32Array,
  limit: number,
  palette: Palette,
  { sign = 'all', scale, behind, share = 0 }: SignedStyle = {},
): Uint8ClampedArray {
  return paint(plane.length, i => {
    const hidden = (sign === 'positive' && plane[i] < 0) || (sign === 'negative' && plane[i] > 0);
    const zero = behind && share > 0 ? mix(palette.page, grayOf(behind, i), share) : palette.page;
    return divergingColor(hidden ? 0 : plane[i], limit, palette, { zero, scale });
  });
}

/** Rec. 601 luma: color would compete with the colors of the signs. */
function grayOf(rgba: Uint8ClampedArray, i: number): Color {
  const gray = 0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2];
  return [gray, gray, gray];
}

/** The range in which an input is shown: [0, 1] or [0, 255] where its values fit, else from its lowest to its highest value. */
export function inputRange(values: Float32Array): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (low >= 0 && high <= 1) return { low: 0, high: 1 };
  if (low >= 0 && high <= 255 && high > 2) return { low: 0, high: 255 };
  return { low, high };
}

/** [4·H·W] RGBA of an input: ink for one channel, color for three, the mean of the channels in ink for any other number. */
export function paintInput(
  values: Float32Array,
  channels: number,
  range: Range,
  palette: Palette,
): Uint8ClampedArray {
  const share = (v: number) => (range.high === range.low ? 0 : (v - range.low) / (range.high - range.low));
  if (channels === 3) {
    return paint(values.length / 3, i => [
      255 * share(values[3 * i]),
      255 * share(values[3 * i + 1]),
      255 * share(values[3 * i + 2]),
    ]);
  }
  return paint(values.length / channels, i => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[i * channels + c];
    return mix(palette.page, palette.ink, share(sum / channels));
  });
}

/** The color at a share from 0 (`from`) to 1 (`to`) of the way between two. */
export function mix(from: Color, to: Color, share: number): Color {
  return [0, 1, 2].map(k => from[k] + (to[k] - from[k]) * share) as unknown as Color;
}

function paint(pixels: number, colorAt: (i: number) => Color): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * pixels);
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = colorAt(i);
    rgba.set([r, g, b, 255], 4 * i);
  }
  return rgba;
}

/** A color as CSS writes it. */
export const cssColor = (color: Color): string => `rgb(${color.map(Math.round).join(', ')})`;

import {
  type Color,
  divergingColor,
  inputColor,
  type Palette,
  type Range,
  type Scale,
  type SignFilter,
  zeroOver,
} from 'piecewise/payload';

/** How a signed image is drawn. */
export interface SignedStyle {
  /** Magnitudes are drawn in ink, without signs. Default: false. */
  magnitude?: boolean;
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
  { sign = 'all', magnitude = false, scale, behind, share = 0 }: SignedStyle = {},
): Uint8ClampedArray {
  const colors = magnitude ? { ...palette, adds: palette.ink, takes: palette.ink } : palette;
  return paint(plane.length, i => {
    const hidden = (sign === 'positive' && plane[i] < 0) || (sign === 'negative' && plane[i] > 0);
    const zero = behind && share > 0 ? zeroOver(colorAt(behind, i), share, palette) : palette.page;
    return divergingColor(hidden ? 0 : plane[i], limit, colors, { zero, scale });
  });
}

const colorAt = (rgba: Uint8ClampedArray, i: number): Color => [
  rgba[4 * i],
  rgba[4 * i + 1],
  rgba[4 * i + 2],
];

/** [4·H·W] RGBA of an input: ink for one channel, color for three, the mean of the channels in ink for any other number. */
export function paintInput(
  values: Float32Array,
  channels: number,
  range: Range,
  palette: Palette,
): Uint8ClampedArray {
  return paint(values.length / channels, inputColor(values, channels, range, palette));
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

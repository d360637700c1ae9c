import type { Image } from './image';

/** Red, green, blue from 0 to 255. */
export type Color = readonly [number, number, number];

/**
 * The one color code: orange adds, blue takes away, grey is bias, ink is the input, and zero is the page.
 * Twins stand on a white card, since nobody knows the theme of the page that will show them.
 */
export const COLORS = {
  page: [255, 255, 255],
  ink: [0, 0, 0],
  adds: [179, 88, 6],
  takes: [31, 108, 176],
  bias: [130, 130, 130],
  line: [217, 217, 217],
} as const satisfies Record<string, Color>;

/** A painted picture: [H·W·3] bytes. */
export interface Picture {
  height: number;
  width: number;
  rgb: Uint8Array;
}

/** Lowest and highest value of a scale. */
export interface Range {
  low: number;
  high: number;
}

/** The symmetric range of signed values, so that zero is its middle. */
export function signedRange(values: Float32Array): Range {
  const limit = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return { low: -limit, high: limit };
}

/** The range in which an input is shown: [0, 1] and [0, 255] where it fits, else its own from lowest to highest. */
export function inputRange(values: Float32Array): Range {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low >= 0 && high <= 1) return { low: 0, high: 1 };
  if (low >= 0 && high <= 255 && high > 2) return { low: 0, high: 255 };
  return { low, high };
}

/** A signed image: the page at 0, orange at +limit, blue at −limit. */
export function paintSigned(image: Image, { high: limit }: Range): Picture {
  return paint(image, i => {
    const value = image.values[i];
    return mix(
      COLORS.page,
      value < 0 ? COLORS.takes : COLORS.adds,
      limit === 0 ? 0 : Math.abs(value) / limit,
    );
  });
}

/** An input: ink for one channel, its own colors for three. */
export function paintInput(image: Image, { low, high }: Range): Picture {
  const share = (value: number): number => (high === low ? 0 : (value - low) / (high - low));
  if (image.channels === 1) return paint(image, i => mix(COLORS.page, COLORS.ink, share(image.values[i])));
  const { values } = image;
  return paint(image, i => [0, 1, 2].map(c => 255 * share(values[3 * i + c])) as unknown as Color);
}

function mix(from: Color, to: Color, share: number): Color {
  return [0, 1, 2].map(c => from[c] + (to[c] - from[c]) * share) as unknown as Color;
}

function paint({ height, width }: Image, colorAt: (i: number) => Color): Picture {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++)
    rgb.set(
      colorAt(i).map(part => Math.round(part)),
      3 * i,
    );
  return { height, width, rgb };
}

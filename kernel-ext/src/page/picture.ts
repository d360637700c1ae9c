import {
  BACKDROP,
  COLORS,
  type Color,
  divergingColor,
  type Image,
  inputColor,
  type Range,
  zeroOver,
} from '../payload';

/** A painted picture: [H·W·3] bytes. */
export interface Picture {
  height: number;
  width: number;
  rgb: Uint8Array;
}

/** Steps of color from 0 to the limit: finer than eyes can tell apart, and few enough for a table of 256 colors. */
const STEPS = 120;

/** A signed image: the color of the page at 0, orange at +limit, blue at −limit. */
export const signedPicture = (image: Image, { high: limit }: Range): Picture =>
  painted(image, i => divergingColor(Math.round((STEPS * image.values[i]) / (limit || 1)), STEPS, COLORS));

/** A signed image over the gray of an input of the same size. */
export function overlayPicture(image: Image, { high: limit }: Range, behind: Picture): Picture {
  return painted(image, i => {
    const [r, g, b] = behind.rgb.subarray(3 * i, 3 * i + 3);
    return divergingColor(image.values[i], limit, COLORS, { zero: zeroOver([r, g, b], BACKDROP, COLORS) });
  });
}

/** An input: in ink for one channel, in its own colors for three. */
export const inputPicture = (image: Image, range: Range): Picture =>
  painted(image, inputColor(image.values, image.channels, range, COLORS));

function painted({ height, width }: Image, colorAt: (i: number) => Color): Picture {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) rgb.set(colorAt(i).map(Math.round), 3 * i);
  return { height, width, rgb };
}

import { COLORS, type Color, divergingColor, type Image, inputColor, type Range } from '../payload';

/** A painted picture: [H·W·3] bytes. */
export interface Picture {
  height: number;
  width: number;
  rgb: Uint8Array;
}

/** A signed image: the color of the page at 0, orange at +limit, blue at −limit. */
export const signedPicture = (image: Image, { high: limit }: Range): Picture =>
  painted(image, i => divergingColor(image.values[i], limit, COLORS));

/** An input: in ink for one channel, in its own colors for three. */
export const inputPicture = (image: Image, range: Range): Picture =>
  painted(image, inputColor(image.values, image.channels, range, COLORS));

function painted({ height, width }: Image, colorAt: (i: number) => Color): Picture {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) rgb.set(colorAt(i).map(Math.round), 3 * i);
  return { height, width, rgb };
}

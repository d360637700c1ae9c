import { PNG } from 'pngjs';
import { COLORS, type Color } from '../payload';
import { indexedPng } from './indexed-png';
import type { Picture } from './picture';

/** The picture as the bytes of a PNG file. */
export function toPng({ height, width, rgb }: Picture): Buffer {
  const rgba = new Uint8Array(4 * height * width).fill(255);
  for (let i = 0; i < height * width; i++) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  const indexed = indexedPng(rgba, height, width);
  if (indexed) return indexed;
  const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  png.data = Buffer.from(rgb);
  return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false, deflateLevel: 9 });
}

/** Times the least opacity with which a color looks the same on white; on a dark page, more of it is brighter. */
const OPACITY = 1.5;

/**
 * The picture as the bytes of a PNG file that lets the page show through: on white it looks the same, and on a dark page, white
 * is dark. For colors only, since dark ink would vanish there.
 */
export function toClearPng({ height, width, rgb }: Picture): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < height * width; i++) {
    const color = [...rgb.subarray(3 * i, 3 * i + 3)];
    const alpha = Math.min(255, Math.round(OPACITY * (255 - Math.min(...color))));
    const full = color.map(part => (alpha === 0 ? 0 : 255 - Math.round(((255 - part) * 255) / alpha)));
    png.data.set([...full, alpha], 4 * i);
  }
  return indexedPng(png.data, height, width) ?? PNG.sync.write(png, { deflateLevel: 9 });
}

/** The picture with a thin line around it. */
export function framed(picture: Picture): Picture {
  const canvas = blank(picture.height + 2, picture.width + 2, COLORS.line);
  draw(picture, canvas, 1, 1);
  return canvas;
}

/** Pictures of one size in a grid on white, row by row. `gap` pixels lie between and around them. */
export function grid(pictures: readonly Picture[], columns: number, gap: number): Picture {
  const [{ height, width }] = pictures;
  const rows = Math.ceil(pictures.length / columns);
  const canvas = blank(rows * (height + gap) + gap, columns * (width + gap) + gap, COLORS.page);
  pictures.forEach((picture, i) => {
    draw(
      picture,
      canvas,
      gap + Math.floor(i / columns) * (height + gap),
      gap + (i % columns) * (width + gap),
    );
  });
  return canvas;
}

function blank(height: number, width: number, color: Color): Picture {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < rgb.length; i++) rgb[i] = color[i % 3];
  return { height, width, rgb };
}

function draw(picture: Picture, canvas: Picture, top: number, left: number): void {
  for (let row = 0; row < picture.height; row++) {
    const line = picture.rgb.subarray(3 * row * picture.width, 3 * (row + 1) * picture.width);
    canvas.rgb.set(line, 3 * ((top + row) * canvas.width + left));
  }
}

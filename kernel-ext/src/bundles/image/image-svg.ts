import { CHARACTER, clipped, px, QUIET, svgPicture, textAt } from '../../page/svg-parts';
import { fitted, type Image } from '../../payload';
import type { ImageGrid } from './image-grid';
import { toPng } from '../../page/png';

const GAP = 10;
const LABEL = 18;
const HEAD = 26;
const LINE = 20;
const NARROWEST = 360;
/** A caption may widen the picture up to this width. */
const WIDEST_CAPTION = 640;

/** The images as one SVG picture on white, without scripts or styles. Each is stored at its own size and displayed at `side`. */
export function imageSvg({ title, caption, images, labels, columns, side, paint }: ImageGrid): string {
  const head = title === null ? LINE + GAP : HEAD + LINE;
  const [{ height, width }] = images;
  const scale = side / Math.max(height, width);
  const [wide, high] = [width * scale, height * scale];
  const step = { x: wide + GAP, y: high + GAP + (labels ? LABEL : 0) };
  const size = {
    x: Math.max(NARROWEST, columns * step.x + GAP, captionWidth(caption)),
    y: head + Math.ceil(images.length / columns) * step.y + GAP,
  };
  const cells = images.map((image, i) => {
    const [x, y] = [GAP + (i % columns) * step.x, head + Math.floor(i / columns) * step.y];
    const frame = `<rect x="${px(x - 0.5)}" y="${px(y - 0.5)}" width="${px(wide + 1)}" height="${px(high + 1)}" fill="none" stroke="#d9d9d9"/>`;
    const label = labels
      ? textAt(x + wide / 2, y + high + 14, clipped(labels[i], wide + GAP), { anchor: 'middle' })
      : '';
    return `${picture(image, side, paint, `x="${px(x)}" y="${px(y)}" width="${px(wide)}" height="${px(high)}"`)}${frame}${label}`;
  });
  const alternative = [title, caption].filter(Boolean).join('. ');
  return svgPicture({ width: size.x, height: size.y, alternative }, [
    ...(title === null ? [] : [textAt(GAP, 20, clipped(title, size.x * 0.75), { size: 16, weight: 'bold' })]),
    textAt(GAP, head - GAP - 2, clipped(caption, size.x - 2 * GAP), { fill: QUIET }),
    ...cells,
  ]);
}

const captionWidth = (caption: string): number =>
  Math.min(WIDEST_CAPTION, Math.ceil(([...caption].length + 1) * CHARACTER) + 2 * GAP);

/** Shrinks large images. Small ones keep their size, and the viewer enlarges them without smoothing. */
export const asStored = (image: Image, side: number): Image =>
  Math.max(image.height, image.width) > side ? fitted(image, side) : image;

function picture(image: Image, side: number, paint: ImageGrid['paint'], box: string): string {
  const png = toPng(paint(asStored(image, side))).toString('base64');
  return `<image ${box} preserveAspectRatio="none" style="image-rendering: pixelated" href="data:image/png;base64,${png}"/>`;
}

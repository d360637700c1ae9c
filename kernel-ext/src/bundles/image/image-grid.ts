import type { Picture } from '../../page/picture';
import type { Image } from '../../payload';

/** Images ready to be drawn. */
export interface ImageGrid {
  title: string | null;
  caption: string;
  images: readonly Image[];
  labels: readonly string[] | null;
  columns: number;
  /** Longest side of an image, in pixels. */
  side: number;
  /** Paints one image in its colors, at its own size. */
  paint(image: Image): Picture;
}

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
  /** One image in its colors, at the size it has. */
  paint(image: Image): Picture;
}

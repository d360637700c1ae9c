import {
  BACKDROP,
  type ImageShape,
  isLargeImage,
  type Pooling,
  poolingOf,
  type Scale,
  type ScaleEnd,
  type SignFilter,
} from 'piecewise/payload';
import type { Tool } from '../image-tools/edit';

/** How a decomposition is drawn, and what dragging over its images does. */
export interface Look {
  tool: Tool;
  sign: SignFilter;
  scale: Scale;
  /** Where the scales of W and W∘x end; null: where the size of the image suggests. */
  scaleEnd: ScaleEnd | null;
  /** Whether W and W∘x show magnitudes without signs. */
  magnitude: boolean;
  /** The channel of W and W∘x that is shown; null: their sum. */
  channel: number | null;
  pooling: Pooling;
  /** How strongly the input shows behind the contributions, from 0 (not at all) to 1. */
  backdrop: number;
}

/** How a view begins unless the settings state otherwise. */
export const PLAIN_LOOK: Look = {
  tool: 'box',
  sign: 'all',
  scale: 'linear',
  scaleEnd: null,
  magnitude: false,
  channel: null,
  pooling: 'pixels',
  backdrop: 0,
};

/**
 * How the view of an image begins. Large images have a plate of their own for contributions summed over superpixels and drawn over
 * the input, so they need a pooling and a backdrop.
 * @param settings as in PLAIN_LOOK where nobody has chosen
 */
export function lookOf(shape: ImageShape, settings: Partial<Look>): Look {
  const look = { ...PLAIN_LOOK, ...settings };
  if (!isLargeImage(shape)) return look;
  const pooling = look.pooling === PLAIN_LOOK.pooling ? poolingOf(shape) : look.pooling;
  return { ...look, pooling, backdrop: look.backdrop || BACKDROP };
}

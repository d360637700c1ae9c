import type { Scale, ScaleEnd, SignFilter } from 'piecewise/payload';
import type { Pooling } from 'piecewise/payload';
import type { Tool } from '../image-tools/edit';

/** How a decomposition is drawn, and what dragging over its images does. */
export interface Look {
  tool: Tool;
  sign: SignFilter;
  scale: Scale;
  /** Where the scales of W and W∘x end; null: where the size of the image suggests. */
  scaleEnd: ScaleEnd | null;
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
  pooling: 'pixels',
  backdrop: 0,
};

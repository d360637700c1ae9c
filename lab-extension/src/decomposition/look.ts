import type { Scale, SignFilter } from 'piecewise/payload';
import type { Pooling } from '../figures/superpixels';
import type { Tool } from '../image-tools/edit';

/** How a decomposition is drawn, and what dragging over its images does. */
export interface Look {
  tool: Tool;
  sign: SignFilter;
  scale: Scale;
  pooling: Pooling;
  /** How strongly the input shows behind the contributions, from 0 (not at all) to 1. */
  backdrop: number;
}

/** How a view begins unless the settings state otherwise. */
export const PLAIN_LOOK: Look = {
  tool: 'box',
  sign: 'all',
  scale: 'linear',
  pooling: 'pixels',
  backdrop: 0,
};

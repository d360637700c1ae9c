import type { ArrayPayload } from './arrays/array-payload';
import type { QuantizedPayload } from './arrays/quantized';

/** F along the straight line from x to x', a piecewise linear function of t from 0 to 1. */
export interface PathPayload {
  schemaVersion: string;
  /** Names of all C outputs. */
  labels: string[];
  /** Names of the numbers of x, in the order of `from`, if they have any. */
  features?: string[];
  /** Whether the outputs are classes, of which the largest decides. */
  decides: boolean;
  /** How many linear regions the path passes through. */
  regions: number;
  /** x and x', in the input's shape; images with channels last. */
  from: ArrayPayload;
  to: ArrayPayload;
  /** 0, the breakpoints, and 1, [n], float32; if there are too many breakpoints, an even selection of them. */
  t: ArrayPayload;
  /** The outputs whose values are stored, the most interesting first. */
  shown: number[];
  /** F at each t, [n, shown] (of one output [n]), int16: rounded to 1/65,534 of the widest range. */
  values: QuantizedPayload;
  /** Layers of the gates that switch along the path, in the order of the network; at most `NO_LAYER`. */
  layers: string[];
  /** [n], uint8: the layer whose gate switches at each t, the first if there are several; `NO_LAYER` if none of `layers`. */
  layerOf: ArrayPayload;
  /** Where another output becomes the largest, and which. */
  decisions: Decision[];
  /** The largest deviation of F from a straight line, measured halfway between breakpoints; it comes from rounding. */
  residual: number;
  /** Name under which a live kernel answers for this path. */
  handle: string;
}

/** In `layerOf`: at both ends of the path, and at gates of layers that are not listed. */
export const NO_LAYER = 255;

/** At t, output `to` overtakes output `from`, which was the largest before. */
export interface Decision {
  t: number;
  from: number;
  to: number;
}

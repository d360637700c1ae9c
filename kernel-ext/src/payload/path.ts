import type { Unit } from '../regions/unit';
import type { QuantizedPayload } from './embedding';
import type { ArrayPayload } from './linearization';

/** F on the straight way from x to x', a piecewise linear function of t from 0 to 1. */
export interface WayPayload {
  schemaVersion: string;
  /** Names of all C outputs. */
  labels: string[];
  /** Whether the outputs are classes, of which the largest decides. */
  decides: boolean;
  /** How many linear regions the way passes. */
  regions: number;
  /** x and x', in the input's shape. */
  from: ArrayPayload;
  to: ArrayPayload;
  /** 0, the breakpoints, and 1, [n], float32: all of them, or if there are too many some, evenly taken. */
  t: ArrayPayload;
  /** The outputs whose values are here, the most interesting first. */
  shown: number[];
  /** F at each t, [n, shown] (of one output [n]), int16: rounded to 1/65,534 of the widest range. */
  values: QuantizedPayload;
  /** Layers of the gates that switch on the way, in the order of the network. */
  layers: string[];
  /** [n], uint8: which layer's gate switches at each t, the first if there are several; 255 at the ends, and beyond the 255th layer. */
  layerOf: ArrayPayload;
  /** Where another output becomes the largest, and which. */
  decisions: Decision[];
  /** How far F halfway between breakpoints is from the straight line, at most: rounding. */
  residual: number;
  /** Name under which a live kernel answers for this path. */
  handle: string;
}

/** At t, from the largest output before to the one behind. */
export interface Decision {
  t: number;
  from: number;
  to: number;
}

/** What a view of a path asks the kernel: W of output `index` on the segment that t lies in. */
export type WayRequest = { id: number; op: 'segment'; handle: string; t: number; index: number };

/** One buffer of float32, little endian: W_c, in the input's shape. */
export interface SegmentReply {
  /** Its number, from 0, and where it begins and ends. */
  segment: number;
  begin: number;
  end: number;
  /** b_c */
  bias: number;
  /** Units that switch where it begins; none at the start of the way. At most eight. */
  units: Unit[];
}

export type WayReply = { id: number; ok: true; op: 'segment' } & SegmentReply;

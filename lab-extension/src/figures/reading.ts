import type { Decomposition } from '../models/decomposition';
import type { ExplorerModel, Region } from '../models/explorer-model';
import { product, sumChannels, type ImageShape } from './image-shape';
import { regionSum } from './parts';
import type { Subject } from '../models/subject';

/** What one row of W says at the cursor and in the brush. */
export interface Reading {
  label: string;
  isSubject: boolean;
  /** w at the cursor, one number a channel; empty: nothing is pointed at. */
  weights: number[];
  /** w·x at the cursor, summed over channels. */
  contribution: number | null;
  /** Σ w·x in the brushed region, or of all of x. */
  sum: number;
}

/** At most this many columns fit the reading box at 600 px. */
const MOST_COLUMNS = 6;

/** x at position i, one number a channel. */
export function inputAt(d: Decomposition, shape: ImageShape, i: number): number[] {
  return channelsAt(d.input.values, shape.channels, i);
}

/** Numbers at position `at`: the subject first, then every other class whose row is here, by logit. */
export function readings(model: ExplorerModel, shape: ImageShape, at: number | null): Reading[] {
  const { decomposition: d, rows, subject } = model;
  const result: Reading[] = [];
  const read = (label: string, weights: Float32Array, isSubject: boolean) => {
    result.push({ label, isSubject, ...readRow(d.input.values, weights, shape, at, model.brush) });
  };
  if (subject.weights) read(subject.name, subject.weights, true);
  for (const c of rows.present()) {
    const alreadyShown = subject.rival === null && c === subject.index;
    if (!alreadyShown && result.length < MOST_COLUMNS) read(d.labels[c], rows.get(c)!.values, false);
  }
  return result;
}

/** The pixel at which |w·x| is largest, or null if there is none. */
export function strongest(subject: Subject, x: Float32Array, channels: number): number | null {
  if (!subject.weights) return null;
  const plane = sumChannels(product(subject.weights, x), channels);
  let best: number | null = null;
  plane.forEach((value, i) => {
    if (value !== 0 && (best === null || Math.abs(value) > Math.abs(plane[best]))) best = i;
  });
  return best;
}

function readRow(
  x: Float32Array,
  w: Float32Array,
  shape: ImageShape,
  cursor: number | null,
  brush: Region | null,
) {
  const weights = cursor === null ? [] : channelsAt(w, shape.channels, cursor);
  const inputs = cursor === null ? [] : channelsAt(x, shape.channels, cursor);
  return {
    weights,
    contribution: cursor === null ? null : weights.reduce((sum, value, k) => sum + value * inputs[k], 0),
    sum: regionSum(sumChannels(product(w, x), shape.channels), shape.width, brush ?? whole(shape)),
  };
}

function whole({ height, width }: ImageShape): Region {
  return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
}

function channelsAt(values: Float32Array, channels: number, i: number): number[] {
  return [...values.subarray(i * channels, (i + 1) * channels)];
}

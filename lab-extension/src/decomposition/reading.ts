import type { DecompositionModel } from './decomposition-model';
import { positionsOf, type Selection } from '../figures/selection';
import type { Subject } from '../figures/subject';
import { product, sumChannels, type ImageShape } from 'piecewise/payload';

/** What can be read of one row of W at the cursor and in the brush. */
export interface Reading {
  label: string;
  isSubject: boolean;
  /** w at the cursor, one number per channel; empty: nothing is pointed at. */
  weights: number[];
  /** w·x at the cursor, summed over channels. */
  contribution: number | null;
  /** Σ w·x over the brush or the superpixel pointed at, else over all of x; of x′ while x is edited. */
  sum: number;
}

/** At most this many columns fit the reading box on a wide page; on a narrow one it scrolls. */
const MOST_COLUMNS = 10;

/** x at position i, one number per channel. */
export function inputAt(x: Float32Array, shape: ImageShape, i: number): number[] {
  return channelsAt(x, shape.channels, i);
}

/**
 * The numbers at position `at`: the subject first, then every other class whose row is here, by logit.
 * @param at null: nothing is pointed at
 */
export function readings(model: DecompositionModel, at: number | null): Reading[] {
  const { decomposition: d, rows, subject, summed, shape, input: x } = model;
  const edited = model.whatIf.input !== null;
  const selection = summed ?? { top: 0, left: 0, bottom: shape.height - 1, right: shape.width - 1 };
  const result: Reading[] = [];
  const read = (label: string, w: Float32Array, linear: number | null, isSubject: boolean) => {
    const sum = summed || edited || linear === null ? contributionOf(x, w, shape, selection) : linear;
    result.push({ label, isSubject, sum, ...readPixel(x, w, shape, at) });
  };
  if (subject.weights) read(subject.name, subject.weights, subject.linear, true);
  for (const c of rows.present()) {
    const alreadyShown = subject.rival === null && c === subject.index;
    if (alreadyShown || result.length >= MOST_COLUMNS) continue;
    read(d.labels[c], rows.get(c)!.values, d.linear[c], false);
  }
  return result;
}

/** Σ w·x over a selection and all channels, in float64. */
export function contributionOf(
  x: Float32Array,
  w: Float32Array,
  shape: ImageShape,
  selection: Selection,
): number {
  const { width, channels } = shape;
  let sum = 0;
  for (const at of positionsOf(selection, width)) {
    for (let i = at * channels; i < (at + 1) * channels; i++) sum += w[i] * x[i];
  }
  return sum;
}

/** The pixel at which |w·x| is largest; null if there is none. */
export function strongest(subject: Subject, x: Float32Array, channels: number): number | null {
  if (!subject.weights) return null;
  const plane = sumChannels(product(subject.weights, x), channels);
  let best: number | null = null;
  plane.forEach((value, i) => {
    if (value !== 0 && (best === null || Math.abs(value) > Math.abs(plane[best]))) best = i;
  });
  return best;
}

function readPixel(x: Float32Array, w: Float32Array, { channels }: ImageShape, at: number | null) {
  if (at === null) return { weights: [], contribution: null };
  const weights = channelsAt(w, channels, at);
  const inputs = channelsAt(x, channels, at);
  return { weights, contribution: weights.reduce((sum, value, k) => sum + value * inputs[k], 0) };
}

function channelsAt(values: Float32Array, channels: number, i: number): number[] {
  return [...values.subarray(i * channels, (i + 1) * channels)];
}

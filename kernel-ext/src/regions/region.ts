import { createHash } from 'node:crypto';
import type { Alone } from '../linear-map/tiling';
import { sizeOf } from '../plan/graph';
import { marginsOf, type Margin } from '../plan/margins';
import { marginsAt } from './margin-rows';

/** How the units of one gate are set. */
export interface GatePattern {
  layer: string;
  /** A threshold is 0 or 1 for each unit; a choice is the place of the largest entry of each group, from 0, row major. */
  kind: 'threshold' | 'choice';
  /** Of the units, with an axis of length 1 in front where the model takes batches. */
  shape: readonly number[];
  states: Int32Array;
}

/** The linear region of an input: all that share its activation pattern share W and b. */
export interface Region {
  /** How many units there are, in all gates. */
  units: number;
  /** In the order of the network; a layer with several gates (a clip has two thresholds) comes several times. */
  gates: readonly GatePattern[];
  /** SHA-256 of the pattern as 64 hexadecimal digits: equal for equal patterns, whichever executor found them. */
  hash: string;
}

/** @throws NoRegionError */
export async function regionAt({ network, x }: Alone): Promise<Region> {
  const margins = marginsOf(network.plan);
  const values = await marginsAt(network, x, margins);
  const gates = margins.margins.map((margin, i) => gatePattern(margin, values[i]));
  const units = gates.reduce((sum, { states }) => sum + states.length, 0);
  return { units, gates, hash: hashOf(gates) };
}

function gatePattern({ kind, layer, value, axes }: Margin, numbers: Float32Array): GatePattern {
  if (kind === 'threshold')
    return { layer, kind, shape: value.shape, states: Int32Array.from(numbers, z => (z > 0 ? 1 : 0)) };
  const shape = value.shape.filter((_, axis) => !axes.includes(axis));
  const states = new Int32Array(sizeOf(shape)).fill(-1);
  const { group, place } = placesOf(value.shape, axes);
  // The chosen one is not behind itself, and the first of equal ones is chosen.
  numbers.forEach((behind, i) => {
    if (behind === 0 && states[group(i)] < 0) states[group(i)] = place(i);
  });
  return { layer, kind, shape, states };
}

/** For each entry of a choice, row major, the group that it belongs to and its place in it. */
export function placesOf(shape: readonly number[], axes: readonly number[]) {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const index = (i: number, wanted: readonly number[]) =>
    wanted.reduce((at, axis) => at * shape[axis] + (Math.floor(i / strides[axis]) % shape[axis]), 0);
  const others = shape.map((_, axis) => axis).filter(axis => !axes.includes(axis));
  return { group: (i: number) => index(i, others), place: (i: number) => index(i, axes) };
}

/** Layers are left out: a model that is loaded twice has the same regions under other names. */
export function hashOf(gates: readonly GatePattern[]): string {
  const hash = createHash('sha256');
  for (const { kind, shape, states } of gates) {
    hash.update(JSON.stringify([kind, shape]));
    hash.update(new Uint8Array(states.buffer, states.byteOffset, states.byteLength));
  }
  return hash.digest('hex');
}

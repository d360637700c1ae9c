import { createHash } from 'node:crypto';
import type { SingleInstance } from '../linear-map/single-instance';
import { marginsOf } from '../plan/margins';
import { gateMargins, statesOf } from './gate-margins';
import { marginsAt } from './margin-rows';

/** How the units of one gate are set. */
export interface GatePattern {
  layer: string;
  /** A threshold is 0 or 1 for each unit; a choice is the position of the largest entry of each group, from 0, row major. */
  kind: 'threshold' | 'choice';
  /** Shape of the units; for an image, [rows, columns, channels]. */
  shape: readonly number[];
  states: Uint16Array;
}

/** The linear region of an input: all inputs with its activation pattern, which share W and b. */
export interface Region {
  /** How many units there are, in all gates. */
  units: number;
  /** In the order of the network; a layer with several gates (a clip has two thresholds) appears several times. */
  gates: readonly GatePattern[];
  /** SHA-256 of the pattern as 64 hexadecimal digits: equal for equal patterns, whichever executor found them. */
  hash: string;
}

/** @throws NoRegionError */
export async function regionAt({ network, x }: SingleInstance): Promise<Region> {
  const margins = marginsOf(network.plan);
  const values = await marginsAt(network, x, margins);
  const gates = margins.margins.map((margin, i) => {
    const gate = gateMargins(margin, 1);
    const { layer, kind, shape } = gate;
    return { layer, kind, shape, states: statesOf(gate, values[i]) };
  });
  const units = gates.reduce((sum, { states }) => sum + states.length, 0);
  return { units, gates, hash: patternHash(gates) };
}

/**
 * SHA-256 of an activation pattern, gate by gate. Layers are left out: a model that is loaded twice has the same regions under
 * other names.
 */
export function patternHash(gates: readonly Omit<GatePattern, 'layer'>[]): string {
  const hash = createHash('sha256');
  for (const { kind, shape, states } of gates) {
    hash.update(JSON.stringify([kind, shape]));
    hash.update(new Uint8Array(states.buffer, states.byteOffset, states.byteLength));
  }
  return hash.digest('hex');
}

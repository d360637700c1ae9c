import { instanceShapeOf } from '../linear-map/instance-shape';
import { sizeOf } from '../plan/graph';
import type { Margin } from '../plan/margins';
import { unitAt, type Unit } from './unit';

/** The properties of one gate of a network that are the same for all inputs. */
export interface GateMargins {
  layer: string;
  kind: 'threshold' | 'choice';
  level: number;
  /** Numbers of one input. */
  size: number;
  /** For a choice, the entries of each group, group by group; null for a threshold. */
  groups: Int32Array | null;
  /** Entries per group; 1 for a threshold. */
  groupSize: number;
  /** Shape of the units of one input; for a choice, of its groups. */
  shape: readonly number[];
  unit(entry: number): Unit;
}

export function gateMargins(margin: Margin, instances: number): GateMargins {
  const { layer, kind, level, value, axes } = margin;
  const size = sizeOf(value.shape) / instances;
  const unit = (entry: number) => unitAt(margin, entry, instances);
  const shape = instanceShapeOf(value.shape, instances);
  const common = { layer, kind, level, size, unit };
  if (kind === 'threshold') return { ...common, groups: null, groupSize: 1, shape };
  const first = value.shape.findIndex(d => d !== 1);
  const one = value.shape.map((d, axis) => (instances > 1 && axis === first ? 1 : d));
  const { group, position } = positionsOf(one, axes);
  const groupSize = axes.reduce((n, axis) => n * one[axis], 1);
  const groups = new Int32Array(size);
  for (let entry = 0; entry < size; entry++) groups[group(entry) * groupSize + position(entry)] = entry;
  const kept = one.filter((_, axis) => !axes.includes(axis));
  return { ...common, groups, groupSize, shape: kept[0] === 1 ? kept.slice(1) : kept };
}

/**
 * How the units of a gate are set.
 * @param margins of one input
 * @returns 0 or 1 for a threshold; for a choice the position of the largest entry of each group, the first one if several are equal.
 */
export function statesOf({ groups, groupSize, size }: GateMargins, margins: Float32Array): Uint16Array {
  const states = new Uint16Array(size / groupSize);
  if (groups === null) {
    for (let i = 0; i < size; i++) if (margins[i] > 0) states[i] = 1;
    return states;
  }
  for (let g = 0; g < states.length; g++) {
    let position = 0;
    // The chosen entry is 0 below itself.
    while (position < groupSize - 1 && margins[groups[g * groupSize + position]] !== 0) position++;
    states[g] = position;
  }
  return states;
}

/** For each entry of a choice, row major, the group that it belongs to and its position in it. */
export function positionsOf(shape: readonly number[], axes: readonly number[]) {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const index = (i: number, wanted: readonly number[]) =>
    wanted.reduce((at, axis) => at * shape[axis] + (Math.floor(i / strides[axis]) % shape[axis]), 0);
  const others = shape.map((_, axis) => axis).filter(axis => !axes.includes(axis));
  return { group: (i: number) => index(i, others), position: (i: number) => index(i, axes) };
}

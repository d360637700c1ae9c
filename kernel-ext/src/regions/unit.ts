import { instanceShapeOf } from '../linear-map/instance-shape';
import type { Margin } from '../plan/margins';
import type { Unit } from '../payload';

export type { Unit };

/**
 * The unit at one entry of a margin.
 * @param instances N of the margin's plan; the entry counts within one of them.
 */
export function unitAt({ layer, kind, value, channelsFirst }: Margin, entry: number, instances = 1): Unit {
  const shape = instanceShapeOf(value.shape, instances);
  let rest = entry;
  const position = shape.toReversed().map(length => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return index;
  });
  return { layer, kind, position: position.reverse(), ...(channelsFirst && { channelsFirst }) };
}

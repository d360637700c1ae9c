import { instanceShapeOf } from '../linear-map/instance-shape';
import type { Margin } from '../plan/margins';

/** A unit of a network that can switch. */
export interface Unit {
  layer: string;
  /** 'threshold': a ReLU and its like. 'choice': an entry of a group (of a max-pool's window) that is not the chosen one. */
  kind: 'threshold' | 'choice';
  /** Its position in the activation of one instance: [row, column, channel] of an image; of a choice, that of the entry. */
  position: readonly number[];
}

/**
 * The unit at one entry of a margin.
 * @param instances N of the margin's plan; the entry counts within one of them.
 */
export function unitAt({ layer, kind, value }: Margin, entry: number, instances = 1): Unit {
  const shape = instanceShapeOf(value.shape, instances);
  let rest = entry;
  const position = shape.toReversed().map(length => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return index;
  });
  return { layer, kind, position: position.reverse() };
}

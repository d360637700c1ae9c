import { MalformedPayloadError } from '../errors';
import { asCount, asFields, asNumber, own } from '../fields';

/** A change of x that ties two classes. Float32 buffers: corners of the walk from x, the last one being x', in the input's shape. */
export interface ContrastEditReply {
  /** F(x)_index − F(x)_rival */
  gap: number;
  /** ‖x' − x‖, l2 */
  distance: number;
  /** Where it is proved that no smaller edit ties the classes; null: nowhere. */
  smallest: 'everywhere' | 'in the region' | null;
  /** How many borders the walk crosses, and how many units switch at them. */
  borders: number;
  units: number;
}

/** A `ContrastEditReply` with its buffers. */
export interface ContrastEdit extends ContrastEditReply {
  /** x', [D]. */
  point: Float32Array;
  /** Corners of the walk between x and x', in order; none if it went straight. */
  walk: Float32Array[];
}

/** @param corners of the walk, x' last. @throws {MalformedPayloadError} */
export function readContrastEdit(data: unknown, corners: readonly Float32Array[]): ContrastEdit {
  const fields = asFields(data, 'reply');
  const smallest = own(fields, 'smallest');
  if (smallest !== null && smallest !== 'everywhere' && smallest !== 'in the region')
    throw new MalformedPayloadError('smallest', 'is not one of everywhere, in the region, null');
  const point = corners.at(-1);
  if (!point || corners.some(corner => corner.length !== point.length))
    throw new MalformedPayloadError('buffers', 'are not inputs of the same size');
  return {
    gap: asNumber(own(fields, 'gap'), 'gap'),
    distance: asNumber(own(fields, 'distance'), 'distance'),
    smallest,
    borders: asCount(own(fields, 'borders'), 'borders'),
    units: asCount(own(fields, 'units'), 'units'),
    point,
    walk: corners.slice(0, -1),
  };
}

import type { TieReply } from 'piecewise/payload';
import { asFields, asIndex, asNumber, own } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';

/** An edit of x at which two classes tie. */
export interface ContrastEdit extends TieReply {
  /** x', [D]. */
  point: Float32Array;
  /** Places of the walk between x and x', in order; none if it went straight. */
  walk: Float32Array[];
}

/** Who can look for ties: the live kernel. */
export interface ContrastEditSource {
  /** @throws NoAnswerError, also when `signal` aborts */
  tie(handle: string, index: number, rival: number, signal: AbortSignal): Promise<ContrastEdit>;
}

const MOST = 2 ** 40;

/** @param places of the walk, x' last. @throws MalformedPayloadError */
export function readContrastEdit(data: unknown, places: readonly Float32Array[]): ContrastEdit {
  const fields = asFields(data, 'reply');
  const smallest = own(fields, 'smallest');
  if (smallest !== null && smallest !== 'everywhere' && smallest !== 'in the region')
    throw new MalformedPayloadError('smallest', 'is none of everywhere, in the region, null');
  const point = places.at(-1);
  if (!point || places.some(place => place.length !== point.length))
    throw new MalformedPayloadError('buffers', 'are not inputs of one size');
  return {
    gap: asNumber(own(fields, 'gap'), 'gap'),
    distance: asNumber(own(fields, 'distance'), 'distance'),
    smallest,
    borders: asIndex(own(fields, 'borders'), MOST, 'borders'),
    units: asIndex(own(fields, 'units'), MOST, 'units'),
    point,
    walk: places.slice(0, -1),
  };
}

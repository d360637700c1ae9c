import type { RadiusReply, Reach, Unit } from 'piecewise/payload';
import { readBoolean } from './decomposition';
import { asFields, asIndex, asList, asNumber, asText, own, type Fields } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';

/** Who can tell how far a map holds: the live kernel. */
export interface ValiditySource {
  /** In all directions. @throws NoAnswerError, also when `signal` aborts */
  radius(handle: string, signal: AbortSignal): Promise<RadiusReply>;
  /** Towards another input x'. @throws NoAnswerError */
  reach(handle: string, x: Float32Array): Promise<Reach>;
}

const MOST_UNITS = 2 ** 40;

/** @throws MalformedPayloadError */
export function readRadius(data: unknown): RadiusReply {
  const fields = asFields(data, 'reply');
  return {
    distance: readDistance(own(fields, 'distance'), 'distance'),
    lower: readDistance(own(fields, 'lower'), 'lower'),
    exact: readBoolean(own(fields, 'exact'), 'exact'),
    unit: readUnitOrNone(own(fields, 'unit')),
    touching: asIndex(own(fields, 'touching'), MOST_UNITS, 'touching'),
  };
}

/** @throws MalformedPayloadError */
export function readReach(data: unknown): Reach {
  const fields = asFields(data, 'reply');
  const share = asNumber(own(fields, 'share'), 'share');
  if (share < 0 || share > 1) throw new MalformedPayloadError('share', `is ${share}, not from 0 to 1`);
  return {
    share,
    unit: readUnitOrNone(own(fields, 'unit')),
    distance: asNumber(own(fields, 'distance'), 'distance'),
    length: asNumber(own(fields, 'length'), 'length'),
  };
}

function readDistance(value: unknown, field: string): number | null {
  if (value === null) return null;
  const distance = asNumber(value, field);
  if (distance < 0) throw new MalformedPayloadError(field, `is ${distance}, which no distance is`);
  return distance;
}

const readUnitOrNone = (value: unknown): Unit | null => (value === null ? null : readUnit(value));

/** @throws MalformedPayloadError */
export function readUnit(value: unknown): Unit {
  const fields: Fields = asFields(value, 'unit');
  const kind = own(fields, 'kind');
  if (kind !== 'threshold' && kind !== 'choice')
    throw new MalformedPayloadError('unit.kind', 'is none of threshold, choice');
  return {
    layer: asText(own(fields, 'layer'), 'unit.layer'),
    kind,
    position: asList(own(fields, 'position'), 0, 8, 'unit.position').map(place =>
      asIndex(place, MOST_UNITS, 'unit.position'),
    ),
  };
}

import {
  asBoolean,
  asCount,
  asFields,
  asIndex,
  asList,
  asNumberWithin,
  asOneOf,
  asSize,
  asText,
  own,
} from './fields';

/** A unit of a network that can switch. */
export interface Unit {
  layer: string;
  /** 'threshold': a unit like a ReLU. 'choice': an entry of a group, such as a max-pool's window, that is not the chosen one. */
  kind: 'threshold' | 'choice';
  /**
   * Its position in the activation of one instance: [row, column, channel] of an image. For an entry of a window, each row and
   * column is that of the window, followed by that of the entry in it: [row, 0, column, 1, channel].
   */
  position: readonly number[];
  /** The activation holds its channels first: [channel, row, column]. Absent: last, as above. */
  channelsFirst?: true;
}

/** How far a linear map remains exact toward another input x'. */
export interface Reach {
  /** Share of the path from x to x', from 0 to 1: up to that point F = W·x + b; 1 if x' lies in the linear region of x. */
  share: number;
  /** The unit that switches there; null if none does along the path. */
  unit: Unit | null;
  /** Distance from x to that point, l2. */
  distance: number;
  /** Distance from x to x', l2. */
  length: number;
  /**
   * How many units are exactly at their threshold at x and switch with the first step toward x', such as equal entries of a
   * max-pool's window on a constant background.
   */
  touching: number;
}

/** The distance (l2) from x to the nearest border of its linear region that x does not lie on. */
export interface RadiusReply {
  /** That distance if `exact`, an upper bound of it otherwise. null: nothing in the network can switch, or no bound is known. */
  distance: number | null;
  /** No border is nearer; equals `distance` if `exact`. */
  lower: number | null;
  exact: boolean;
  /** The unit that switches at `distance`. */
  unit: Unit | null;
  /** How many units have x on their border: if there are any, the region ends at x in some direction. */
  touching: number;
}

const MOST_AXES = 8;
const MOST_POSITION = 2 ** 40;

/** @throws {MalformedPayloadError} */
export function readRadius(data: unknown): RadiusReply {
  const fields = asFields(data, 'reply');
  return {
    distance: readDistance(own(fields, 'distance'), 'distance'),
    lower: readDistance(own(fields, 'lower'), 'lower'),
    exact: asBoolean(own(fields, 'exact'), 'exact'),
    unit: readUnitOrNone(own(fields, 'unit')),
    touching: asCount(own(fields, 'touching'), 'touching'),
  };
}

/** @throws {MalformedPayloadError} */
export function readReach(data: unknown): Reach {
  const fields = asFields(data, 'reply');
  return {
    share: asNumberWithin(own(fields, 'share'), 0, 1, 'share'),
    unit: readUnitOrNone(own(fields, 'unit')),
    distance: asSize(own(fields, 'distance'), 'distance'),
    length: asSize(own(fields, 'length'), 'length'),
    touching: asCount(own(fields, 'touching'), 'touching'),
  };
}

const readDistance = (value: unknown, field: string): number | null =>
  value === null ? null : asNumberWithin(value, 0, Infinity, field);

const readUnitOrNone = (value: unknown): Unit | null => (value === null ? null : readUnit(value));

/** @throws {MalformedPayloadError} */
export function readUnit(value: unknown): Unit {
  const fields = asFields(value, 'unit');
  return {
    layer: asText(own(fields, 'layer'), 'unit.layer'),
    kind: asOneOf(own(fields, 'kind'), ['threshold', 'choice'] as const, 'unit.kind'),
    ...(own(fields, 'channelsFirst') === true && { channelsFirst: true as const }),
    position: asList(own(fields, 'position'), 0, MOST_AXES, 'unit.position').map(index =>
      asIndex(index, MOST_POSITION, 'unit.position'),
    ),
  };
}

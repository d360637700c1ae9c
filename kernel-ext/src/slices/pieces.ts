import type { PlanePoint } from './plane';

/** A convex polygon, counterclockwise or clockwise, with the values that affine functions have at its corners. */
export interface Piece {
  corners: PlanePoint[];
  /** One array per corner. */
  values: Float64Array[];
}

/**
 * What may cut a piece: the sign of one value (`count` 1), or which of several values is the smallest. In the second case, only
 * the differences need to be affine.
 */
export interface Cut {
  first: number;
  count: number;
  /** Magnitude below which a value, or a difference of two, counts as 0. */
  least: number;
}

/**
 * Divides a piece, cut by cut, into parts within which every cut is decided. Each cut is considered only in parts that it can still
 * divide, so that memory holds one branch at a time.
 */
export function* cutUp(whole: Piece, all: readonly Cut[]): Generator<PlanePoint[]> {
  const stack = [{ piece: whole, cuts: all }];
  while (stack.length > 0) {
    const { piece, cuts } = stack.pop()!;
    const undecided = cuts.filter(cut => divides(piece, cut));
    if (undecided.length === 0) {
      yield piece.corners;
      continue;
    }
    const small = narrowed(piece, undecided);
    const [cut, ...rest] = small.cuts;
    for (const part of parts(small.piece, cut).toReversed()) stack.push({ piece: part.piece, cuts: rest });
  }
}

/** The parts of a piece by one cut, and which entry is the smallest in each; for a sign, 1 above 0 and 0 below. */
export function parts(piece: Piece, cut: Cut): { piece: Piece; entry: number }[] {
  const { first, least } = cut;
  if (cut.count === 1) {
    const sides = [1, -1].map((sign, i) => ({
      piece: half(piece, v => sign * v[first], least),
      entry: 1 - i,
    }));
    return sides.filter(hasPiece);
  }
  const leading = leaders(piece, cut);
  if (leading.length === 1) return [{ piece, entry: leading[0] }];
  return leading.map(entry => ({ piece: cellOf(piece, cut, entry, leading), entry })).filter(hasPiece);
}

const hasPiece = <T extends { piece: Piece | null }>(part: T): part is T & { piece: Piece } =>
  part.piece !== null;

function cellOf(
  piece: Piece,
  { first, least }: Cut,
  entry: number,
  leading: readonly number[],
): Piece | null {
  const others = leading.filter(other => other !== entry);
  return others.reduce<Piece | null>(
    (cell, other) => cell && half(cell, v => v[first + other] - v[first + entry], least),
    piece,
  );
}

function divides({ corners, values }: Piece, cut: Cut): boolean {
  const { first, count, least } = cut;
  if (count > 1) return !oneLeads(values, cut) && leaders({ corners, values }, cut).length > 1;
  let [above, below] = [false, false];
  for (const value of values) {
    above ||= value[first] > least;
    below ||= value[first] < -least;
  }
  return above && below;
}

/** Whether the entry that is smallest at the first corner is the smallest at all corners, up to rounding: a quick test for the usual case. */
function oneLeads(values: readonly Float64Array[], { first, count, least }: Cut): boolean {
  let best = first;
  for (let i = first + 1; i < first + count; i++) if (values[0][i] < values[0][best]) best = i;
  return values.every(value => {
    for (let i = first; i < first + count; i++) if (value[best] - value[i] > least) return false;
    return true;
  });
}

/** The entries that no other entry stays below on the whole piece; if several are equal on the whole piece, the first. */
function leaders({ values }: Piece, { first, count, least }: Cut): number[] {
  const over = (i: number, j: number) =>
    values.reduce((most, v) => Math.max(most, v[first + i] - v[first + j]), -Infinity);
  const all = Array.from({ length: count }, (_, i) => i);
  return all.reduce((kept, j) => {
    const beaten = kept.some(i => i !== j && over(i, j) <= least && (i < j || over(j, i) > least));
    return beaten ? kept.filter(i => i !== j) : kept;
  }, all);
}

/** The part of a piece where an affine function is not below 0; null if the function is nowhere above 0. */
function half(piece: Piece, of: (values: Float64Array) => number, least: number): Piece | null {
  const heights = piece.values.map(of);
  if (!heights.some(height => height > least)) return null;
  if (!heights.some(height => height < -least)) return piece;
  const kept: Piece = { corners: [], values: [] };
  const add = (point: PlanePoint, values: Float64Array) => {
    kept.corners.push(point);
    kept.values.push(values);
  };
  heights.forEach((height, i) => {
    const next = (i + 1) % heights.length;
    if (height >= -least) add(piece.corners[i], piece.values[i]);
    const apart = [height, heights[next]];
    if (Math.min(...apart) < -least && Math.max(...apart) > least) add(...crossing(piece, heights, i, next));
  });
  return kept;
}

/** Computed from the same end for both pieces that share the edge. */
function crossing(
  { corners, values }: Piece,
  heights: readonly number[],
  i: number,
  j: number,
): [PlanePoint, Float64Array] {
  const [p, q] = [corners[i], corners[j]];
  const [a, b] = p[0] < q[0] || (p[0] === q[0] && p[1] < q[1]) ? [i, j] : [j, i];
  const share = heights[a] / (heights[a] - heights[b]);
  const between = (from: number, to: number) => from + share * (to - from);
  const point = [0, 1].map(axis => between(corners[a][axis], corners[b][axis])) as unknown as PlanePoint;
  return [point, values[a].map((value, k) => between(value, values[b][k]))];
}

/** A piece with only the values of some cuts. */
function narrowed({ corners, values }: Piece, cuts: readonly Cut[]): { piece: Piece; cuts: Cut[] } {
  const entries = cuts.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
  let first = 0;
  const moved = cuts.map(cut => {
    first += cut.count;
    return { ...cut, first: first - cut.count };
  });
  return {
    piece: { corners, values: values.map(value => Float64Array.from(entries, i => value[i])) },
    cuts: moved,
  };
}

/** Area in units of s times t. */
export function areaOf(corners: readonly PlanePoint[]): number {
  const [[s0, t0]] = corners;
  let twice = 0;
  for (let i = 1; i + 1 < corners.length; i++) {
    const [a, b] = [corners[i], corners[i + 1]];
    twice += (a[0] - s0) * (b[1] - t0) - (b[0] - s0) * (a[1] - t0);
  }
  return Math.abs(twice) / 2;
}

/** Whether a point lies in a polygon, border included. */
export function contains(corners: readonly PlanePoint[], [s, t]: PlanePoint): boolean {
  let [left, right] = [false, false];
  corners.forEach(([a, b], i) => {
    const [c, d] = corners[(i + 1) % corners.length];
    const side = (c - a) * (t - b) - (d - b) * (s - a);
    left ||= side > 0;
    right ||= side < 0;
  });
  return !(left && right);
}

/** The mean of the corners, where an affine function takes the mean of its values at the corners. */
export function middleOf(corners: readonly PlanePoint[]): PlanePoint {
  const mean = (axis: 0 | 1) => corners.reduce((sum, point) => sum + point[axis], 0) / corners.length;
  return [mean(0), mean(1)];
}

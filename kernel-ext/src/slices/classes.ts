import { ROUNDING } from '../regions/level-walk';
import { parts, type Piece } from './pieces';
import type { PlanePoint } from './plane';
import type { Polygon } from './polygons';

/** A part of a polygon in which one class has the largest output. */
export interface ClassCell {
  class: number;
  corners: readonly PlanePoint[];
}

/** A straight piece of the border between two classes. */
export interface BoundaryPiece {
  /** The two classes, the smaller number first. */
  classes: readonly [number, number];
  from: PlanePoint;
  to: PlanePoint;
}

/** The classes of a network with one output: below and above 0. */
export const SIGNS = ['≤ 0', '> 0'] as const;

/** Divides a polygon by class, exactly, since outputs are affine in it. With one output, the classes are its signs. */
export function classCells(polygon: Polygon): { cells: ClassCell[]; boundaries: BoundaryPiece[] } {
  const piece = withScores(polygon);
  const count = piece.values[0].length;
  const largest = piece.values.reduce(
    (most, values) => values.reduce((m, v) => Math.max(m, Math.abs(v)), most),
    0,
  );
  const least = ROUNDING * largest;
  const found = parts(piece, { first: 0, count, least });
  return {
    cells: found.map(({ piece: { corners }, entry }) => ({ class: entry, corners })),
    boundaries: found.flatMap(({ piece: cell, entry }) => bordersOf(cell, entry, least)),
  };
}

/** Scores, of which the smallest determines the class. */
function withScores({ corners, outputs }: Polygon): Piece {
  const count = outputs.length / corners.length;
  const values = corners.map((_, i) => {
    const own = outputs.subarray(i * count, (i + 1) * count);
    return Float64Array.from(count === 1 ? [0, own[0]] : own, y => -y);
  });
  return { corners: [...corners], values };
}

/** Edges of a cell along which another class ties with its own. */
function bordersOf({ corners, values }: Piece, own: number, least: number): BoundaryPiece[] {
  const ties = (corner: number, other: number) => values[corner][other] - values[corner][own] <= least;
  return corners.flatMap((from, i) => {
    const next = (i + 1) % corners.length;
    const others = [...values[i].keys()].filter(
      other => other !== own && ties(i, other) && ties(next, other),
    );
    return others.map(other => ({
      classes: [Math.min(own, other), Math.max(own, other)] as const,
      from,
      to: corners[next],
    }));
  });
}

/** Each piece once, since the cells on both sides of a border report it. */
export function distinct(pieces: readonly BoundaryPiece[]): BoundaryPiece[] {
  const rounded = (point: PlanePoint) => point.map(v => Math.round(v * 2 ** 30)).join();
  const byKey = new Map<string, BoundaryPiece>();
  for (const piece of pieces) {
    const ends = [rounded(piece.from), rounded(piece.to)].sort();
    const key = [...piece.classes, ...ends].join(';');
    if (ends[0] !== ends[1] && !byKey.has(key)) byKey.set(key, piece);
  }
  return [...byKey.values()];
}

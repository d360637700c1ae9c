import { DiscontinuityError, SliceLimitError } from '../errors';
import { tileDone, type Work } from '../linear-map/work';
import type { MarginReader, Reading } from '../regions/margin-reader';
import { statesOf } from '../regions/gate-margins';
import { patternHash } from '../regions/region';
import { areaOf, cutUp, middleOf, type Cut, type Piece } from './pieces';
import type { Place, Plane } from './plane';

/** A convex polygon in which W and b are constant. */
export interface Polygon {
  /** Its corners, in order. */
  places: readonly Place[];
  /** F at each corner, [V, C] row major; in between it is affine. */
  outputs: Float32Array;
  /** In units of s times t. */
  area: number;
  /** The activation pattern as `lin.region().hash` gives it. */
  pattern: string;
}

/** A corner, and what the network does there, of the gates that lie ahead. */
interface Corner {
  place: Place;
  reading?: Reading;
}

/** As on a path: a margin that is smaller, as a share of the largest of its gate, is 0 as far as float32 can tell. */
export const ROUNDING = 2 ** -21;

/** Polygons of a smaller share of the window hold no input that float32 could tell from its neighbors. */
const SMALLEST = 2 ** -44;

/** Bytes of margins that are held for each level of gates. */
const HELD = 2 ** 26;

/** Share of the largest |F| above which a difference in the middle of a polygon is no rounding but a jump. */
const JUMP = 1e-3;

/** Everything that stays as it is while a window is cut. */
interface Cutting {
  reader: MarginReader;
  plane: Plane;
  levels: readonly number[];
  /** For each gate the magnitude below which its margins are 0. */
  least: readonly number[];
  /** Polygons that are taken through the levels at once. */
  held: number;
}

/**
 * All polygons of constant W in a window, level by level: the margins of the first gates are affine in all of it; in the pieces
 * between their lines those of the next gates are; and so on. Pieces go through the levels in groups, one group after the other.
 *
 * @param window a convex polygon
 * @returns the polygons and the largest difference, in the middle of one, of F from the plane through its corners.
 * @throws SliceLimitError, DiscontinuityError, AbortError
 */
export async function polygonsIn(
  reader: MarginReader,
  plane: Plane,
  window: readonly Place[],
  limit: number,
  work: Work,
): Promise<{ polygons: Polygon[]; residual: number }> {
  const levels = [...new Set(reader.gates.map(({ level }) => level))].sort((a, b) => a - b);
  const corners: Corner[] = window.map(place => ({ place }));
  const cutting: Cutting = { reader, plane, levels, least: [], held: heldBy(reader) };
  await fill(cutting, [corners], levels[0] ?? Infinity);
  const least = reader.gates.map((_, gate) => ROUNDING * Math.max(...corners.map(c => largest(c, gate))));
  const whole = areaOf(window);
  const polygons: Polygon[] = [];
  let [covered, residual] = [0, 0];
  for await (const part of refined({ ...cutting, least }, [corners], 0)) {
    const found = await finished(cutting, part, SMALLEST * whole);
    polygons.push(...found.polygons);
    residual = Math.max(residual, found.residual);
    covered += found.polygons.reduce((sum, { area }) => sum + area, 0) / whole;
    if (polygons.length > limit) throw new SliceLimitError(limit, (covered * limit) / polygons.length);
    await tileDone(work, Math.min(1, covered));
  }
  return { polygons, residual };
}

function heldBy({ gates }: MarginReader): number {
  const bytes = gates.reduce((sum, { size }) => sum + 4 * size, 1);
  return Math.max(8, Math.min(256, Math.floor(HELD / bytes)));
}

/** Groups of polygons that no level can divide any more, with F read at their corners. */
async function* refined(cutting: Cutting, polygons: Corner[][], next: number): AsyncGenerator<Corner[][]> {
  await fill(cutting, polygons, cutting.levels[next] ?? Infinity);
  if (next === cutting.levels.length) {
    yield polygons;
    return;
  }
  let group = new Group(polygons);
  for (const polygon of polygons) {
    for (const piece of cutUp(...atLevel(cutting, polygon, cutting.levels[next]))) {
      group.add(piece);
      if (group.polygons.length < cutting.held) continue;
      yield* refined(cutting, group.polygons, next + 1);
      group = new Group(polygons);
    }
  }
  if (group.polygons.length > 0) yield* refined(cutting, group.polygons, next + 1);
}

/** Polygons whose corners are one where their places are. */
class Group {
  readonly polygons: Corner[][] = [];
  private readonly corners = new Map<string, Corner>();

  constructor(known: readonly Corner[][]) {
    for (const corner of known.flat()) this.corners.set(keyOf(corner.place), corner);
  }

  add(places: readonly Place[]): void {
    this.polygons.push(places.map(place => this.corner(place)));
  }

  private corner(place: Place): Corner {
    const key = keyOf(place);
    const corner = this.corners.get(key) ?? { place };
    this.corners.set(key, corner);
    return corner;
  }
}

/** Places that differ by less than what float64 makes of one crossing in two ways are the same. */
const keyOf = (place: Place): string => place.map(v => Math.round(v * 2 ** 34)).join();

async function fill({ reader, plane }: Cutting, polygons: readonly Corner[][], level: number): Promise<void> {
  const missing = [...new Set(polygons.flat())].filter(({ reading }) => reading === undefined);
  const readings = await reader.read(plane.points(missing.map(({ place }) => place)), level);
  missing.forEach((corner, i) => (corner.reading = readings[i]));
}

function largest({ reading }: Corner, gate: number): number {
  return reading!.margins[gate]!.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
}

/** A polygon with the margins of the gates of a level that change in it. */
function atLevel({ reader, least }: Cutting, polygon: readonly Corner[], level: number): [Piece, Cut[]] {
  const cuts: Cut[] = [];
  const values: number[][] = polygon.map(() => []);
  reader.gates.forEach((gate, g) => {
    if (gate.level !== level) return;
    const margins = polygon.map(({ reading }) => reading!.margins[g]!);
    const take = (entries: ArrayLike<number>) => {
      cuts.push({ first: values[0].length, count: entries.length, least: least[g] });
      margins.forEach((z, corner) => {
        for (let i = 0; i < entries.length; i++) values[corner].push(z[entries[i]]);
      });
    };
    const { groups, groupSize, size } = gate;
    if (groups === null) {
      for (let entry = 0; entry < size; entry++) if (changesSign(margins, entry, least[g])) take([entry]);
    } else {
      for (let begin = 0; begin < size; begin += groupSize) {
        const entries = groups.subarray(begin, begin + groupSize);
        if (!entries.some(entry => margins.every(z => z[entry] === 0))) take(entries);
      }
    }
  });
  return [{ places: polygon.map(({ place }) => place), values: values.map(v => Float64Array.from(v)) }, cuts];
}

function changesSign(margins: readonly Float32Array[], entry: number, least: number): boolean {
  let [above, below] = [false, false];
  for (const z of margins) {
    above ||= z[entry] > least;
    below ||= z[entry] < -least;
  }
  return above && below;
}

/** What is known of polygons in the end; looked at once more in the middle. @throws DiscontinuityError */
async function finished(
  { reader, plane }: Cutting,
  group: readonly Corner[][],
  smallest: number,
): Promise<{ polygons: Polygon[]; residual: number }> {
  const kept = group
    .map(corners => ({ corners, places: corners.map(({ place }) => place) }))
    .filter(({ places }) => areaOf(places) > smallest);
  const readings = await reader.read(plane.points(kept.map(({ places }) => middleOf(places))));
  let residual = 0;
  const polygons = kept.map(({ corners, places }, i): Polygon => {
    const outputs = corners.map(({ reading }) => reading!.output);
    const off = unevenness(outputs, readings[i].output, middleOf(places));
    residual = Math.max(residual, off);
    return {
      places,
      outputs: Float32Array.from(outputs.flatMap(output => [...output])),
      area: areaOf(places),
      pattern: patternOf(reader, readings[i]),
    };
  });
  return { polygons, residual };
}

/** How far F in the middle is from the mean of F at the corners. @throws DiscontinuityError */
function unevenness(outputs: readonly Float32Array[], middle: Float32Array, place: Place): number {
  const scale = outputs.reduce((most, output) => output.reduce((m, y) => Math.max(m, Math.abs(y)), most), 0);
  const off = middle.reduce((most, y, c) => {
    const mean = outputs.reduce((sum, output) => sum + output[c], 0) / outputs.length;
    return Math.max(most, Math.abs(y - mean));
  }, 0);
  if (off > JUMP * scale) throw new DiscontinuityError([...place], off);
  return off;
}

function patternOf({ gates }: MarginReader, { margins }: Reading): string {
  return patternHash(
    gates.map((gate, g) => ({ kind: gate.kind, shape: gate.shape, states: statesOf(gate, margins[g]!) })),
  );
}

import { DiscontinuityError, SliceLimitError } from '../errors';
import { tileDone, type Work } from '../linear-map/work';
import { statesOf } from '../regions/gate-margins';
import { levelWalk, type Division, type LevelGate, type Vertex } from '../regions/level-walk';
import type { MarginReader, Reading } from '../regions/margin-reader';
import { patternHash } from '../regions/region';
import { areaOf, cutUp, middleOf, type Cut, type Piece } from './pieces';
import type { Plane, PlanePoint } from './plane';

/** A convex polygon in which W and b are constant. */
export interface Polygon {
  /** In order around it. */
  corners: readonly PlanePoint[];
  /** F at each corner, [V, C] row major; in between it is affine. */
  outputs: Float32Array;
  /** In units of s times t. */
  area: number;
  /** The activation pattern as `lin.region().hash` gives it. */
  pattern: string;
}

/** A corner, which neighboring polygons share. */
interface Corner extends Vertex {
  point: PlanePoint;
}

/** Polygons of a smaller share of the window contain no input that float32 can tell from its neighbors. */
const SMALLEST = 2 ** -44;

/** Share of the largest |F| above which a difference in the middle of a polygon is a jump and not rounding. */
const JUMP = 1e-3;

/**
 * All polygons of constant W in a window, found level by level.
 *
 * @param window a convex polygon.
 * @param limit the largest number of polygons to find.
 * @returns the polygons, and the largest difference of F from the plane through a polygon's corners, measured in its middle.
 * @throws SliceLimitError, DiscontinuityError, AbortError
 */
export async function polygonsIn(
  reader: MarginReader,
  plane: Plane,
  window: readonly PlanePoint[],
  limit: number,
  work: Work,
): Promise<{ polygons: Polygon[]; residual: number }> {
  const division: Division<Corner[][], Corner> = {
    vertices: polygons => polygons.flat(),
    inputs: corners => plane.inputs(corners.map(({ point }) => point)),
    divide: cutGroup,
  };
  const whole = areaOf(window);
  const polygons: Polygon[] = [];
  let [covered, residual] = [0, 0];
  for await (const part of levelWalk(reader, [window.map((point): Corner => ({ point }))], division)) {
    const found = await finished(reader, plane, part, SMALLEST * whole);
    polygons.push(...found.polygons);
    residual = Math.max(residual, found.residual);
    covered += found.polygons.reduce((sum, { area }) => sum + area, 0) / whole;
    if (polygons.length > limit) throw new SliceLimitError(limit, (covered * limit) / polygons.length);
    await tileDone(work, Math.min(1, covered));
  }
  return { polygons, residual };
}

/** Divides some polygons by the gates of a level. The parts come in groups. */
function* cutGroup(polygons: Corner[][], gates: readonly LevelGate[], held: number): Generator<Corner[][]> {
  let group = new Group(polygons);
  for (const polygon of polygons) {
    for (const part of cutUp(...withMargins(polygon, gates))) {
      group.add(part);
      if (group.polygons.length < held) continue;
      yield group.polygons;
      group = new Group(polygons);
    }
  }
  if (group.polygons.length > 0) yield group.polygons;
}

/** Makes polygons share a corner where their corners are at the same point. */
class Group {
  readonly polygons: Corner[][] = [];
  private readonly corners = new Map<string, Corner>();

  constructor(known: readonly Corner[][]) {
    for (const corner of known.flat()) this.corners.set(keyOf(corner.point), corner);
  }

  add(points: readonly PlanePoint[]): void {
    this.polygons.push(points.map(point => this.corner(point)));
  }

  private corner(point: PlanePoint): Corner {
    const key = keyOf(point);
    const corner = this.corners.get(key) ?? { point };
    this.corners.set(key, corner);
    return corner;
  }
}

/** Points count as the same if they differ by less than float64 rounding between two computations of a crossing. */
const keyOf = (point: PlanePoint): string => point.map(v => Math.round(v * 2 ** 34)).join();

/** A polygon with the margins that change in it. */
function withMargins(polygon: readonly Corner[], gates: readonly LevelGate[]): [Piece, Cut[]] {
  const cuts: Cut[] = [];
  const values: number[][] = polygon.map(() => []);
  for (const { index, gate, least } of gates) {
    const margins = polygon.map(({ reading }) => reading!.margins[index]!);
    const take = (entries: ArrayLike<number>) => {
      cuts.push({ first: values[0].length, count: entries.length, least });
      margins.forEach((z, corner) => {
        for (let i = 0; i < entries.length; i++) values[corner].push(z[entries[i]]);
      });
    };
    const { groups, groupSize, size } = gate;
    if (groups === null) {
      for (let entry = 0; entry < size; entry++) if (changesSign(margins, entry, least)) take([entry]);
    } else {
      for (let begin = 0; begin < size; begin += groupSize) {
        const entries = groups.subarray(begin, begin + groupSize);
        if (!entries.some(entry => margins.every(z => z[entry] === 0))) take(entries);
      }
    }
  }
  const corners = polygon.map(({ point }) => point);
  return [{ corners, values: values.map(v => Float64Array.from(v)) }, cuts];
}

function changesSign(margins: readonly Float32Array[], entry: number, least: number): boolean {
  let [above, below] = [false, false];
  for (const z of margins) {
    above ||= z[entry] > least;
    below ||= z[entry] < -least;
  }
  return above && below;
}

/** The polygons of a group, each checked in its middle. @throws DiscontinuityError */
async function finished(
  reader: MarginReader,
  plane: Plane,
  group: readonly Corner[][],
  smallest: number,
): Promise<{ polygons: Polygon[]; residual: number }> {
  const kept = group
    .map(vertices => ({ vertices, corners: vertices.map(({ point }) => point) }))
    .filter(({ corners }) => areaOf(corners) > smallest);
  const readings = await reader.read(plane.inputs(kept.map(({ corners }) => middleOf(corners))));
  let residual = 0;
  const polygons = kept.map(({ vertices, corners }, i): Polygon => {
    const outputs = vertices.map(({ reading }) => reading!.output);
    const off = unevenness(outputs, readings[i].output, middleOf(corners));
    residual = Math.max(residual, off);
    return {
      corners,
      outputs: Float32Array.from(outputs.flatMap(output => [...output])),
      area: areaOf(corners),
      pattern: patternOf(reader, readings[i]),
    };
  });
  return { polygons, residual };
}

/** How far F in the middle is from the mean of F at the corners. @throws DiscontinuityError */
function unevenness(outputs: readonly Float32Array[], middle: Float32Array, point: PlanePoint): number {
  const scale = outputs.reduce((most, output) => output.reduce((m, y) => Math.max(m, Math.abs(y)), most), 0);
  const off = middle.reduce((most, y, c) => {
    const mean = outputs.reduce((sum, output) => sum + output[c], 0) / outputs.length;
    return Math.max(most, Math.abs(y - mean));
  }, 0);
  if (off > JUMP * scale) throw new DiscontinuityError([...point], off);
  return off;
}

function patternOf({ gates }: MarginReader, { margins }: Reading): string {
  return patternHash(
    gates.map((gate, g) => ({ kind: gate.kind, shape: gate.shape, states: statesOf(gate, margins[g]!) })),
  );
}

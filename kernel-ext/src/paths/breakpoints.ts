import { tileDone, type Work } from '../linear-map/work';
import { levelWalk, type Division, type LevelGate, type Vertex } from '../regions/level-walk';
import type { MarginReader } from '../regions/margin-reader';
import type { Unit } from '../regions/unit';
import { crossingsOf } from './crossings';
import type { Line } from './line';

/** An input on the path from x to x', at x + t·(x' − x). */
export interface Breakpoint {
  t: number;
  /** The units that switch there; none at the two ends. */
  units: Unit[];
  /** F there. */
  output: Float32Array;
}

interface Point extends Vertex {
  t: number;
  units: Unit[];
}

/**
 * All breakpoints between x and x', found level by level; of the memory, only that for F grows with the number of breakpoints.
 *
 * @returns both ends and all breakpoints, in order.
 * @throws AbortError
 */
export async function breakpoints(reader: MarginReader, line: Line, work: Work): Promise<Breakpoint[]> {
  const division: Division<Point[], Point> = {
    vertices: points => points,
    inputs: points => line.points(points.map(({ t }) => t)),
    divide: parts,
  };
  const found: Breakpoint[] = [];
  const ends: Point[] = [0, 1].map(t => ({ t, units: [] }));
  for await (const points of levelWalk(reader, ends, division)) {
    for (const { t, units, reading } of points) {
      if (found.length === 0 || t > found.at(-1)!.t)
        found.push({ t, units, output: Float32Array.from(reading!.output) });
    }
    await tileDone(work, points.at(-1)!.t);
  }
  for (const end of [found[0], found.at(-1)!]) end.units = [];
  return found;
}

/** Points in order, with the crossings of some gates between them, in parts; each part begins where the previous one ended. */
function* parts(points: Point[], gates: readonly LevelGate[], held: number): Generator<Point[]> {
  const finer = withCrossings(points, gates);
  for (let begin = 0; begin < finer.length - 1; begin += held) {
    const part = finer.slice(begin, begin + held + 1);
    yield part;
    for (const point of part.slice(0, -1)) point.reading = undefined;
  }
}

function withCrossings(points: readonly Point[], gates: readonly LevelGate[]): Point[] {
  const finer: Point[] = [points[0]];
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    const between = gates.flatMap(({ index, gate, least }) =>
      crossingsOf(gate, from.reading!.margins[index]!, to.reading!.margins[index]!, least).map(
        ({ share, entry }) => ({ t: from.t + share * (to.t - from.t), unit: gate.unit(entry) }),
      ),
    );
    for (const { t, unit } of between.sort((a, b) => a.t - b.t)) {
      const last = finer.at(-1)!;
      if (t > last.t && t < to.t) finer.push({ t, units: [unit] });
      else (t >= to.t ? to : last).units.push(unit);
    }
    finer.push(to);
  }
  return finer;
}

import { tileDone, type Work } from '../linear-map/work';
import type { MarginReader, Reading } from '../regions/margin-reader';
import type { Unit } from '../regions/unit';
import { crossingsOf } from './crossings';
import type { Line } from './line';

/** An input on the way from x to x', at x + t·(x' − x). */
export interface Vertex {
  t: number;
  /** The units that switch there; of the two ends none are named. */
  units: Unit[];
  /** F there. */
  output: Float32Array;
}

interface Point {
  t: number;
  units: Unit[];
  reading?: Reading;
}

/** Points that are held with all their margins at once, for each level of gates. */
const HELD = 256;

/**
 * A margin that is smaller, as a share of the largest of its gate, is 0 as far as float32 can tell. So crossings that lie
 * within rounding of each other are one, and units that only touch their hyperplane do not switch.
 */
const ROUNDING = 2 ** -21;

/**
 * All breakpoints between x and x', level by level: the margins of the first gates are affine all the way; between their
 * crossings those of the next gates are; and so on. Inputs are read in tiles, parts of the way one after the other, so
 * that memory grows with the number of breakpoints by F alone.
 *
 * @returns both ends and all breakpoints, in order.
 * @throws AbortError
 */
export async function breakpoints(reader: MarginReader, line: Line, work: Work): Promise<Vertex[]> {
  const levels = [...new Set(reader.gates.map(({ level }) => level))].sort((a, b) => a - b);
  const ends: Point[] = [0, 1].map(t => ({ t, units: [] }));
  await fill(reader, ends, line, 0);
  const least = reader.gates.map((_, g) => ROUNDING * Math.max(...ends.map(end => largest(end, g))));
  const found: Vertex[] = [];
  const refine = async (points: Point[], next: number): Promise<void> => {
    await fill(reader, points, line, levels[next] ?? Infinity);
    if (next === levels.length) {
      for (const { t, units, reading } of points) {
        if (found.length === 0 || t > found.at(-1)!.t)
          found.push({ t, units, output: Float32Array.from(reading!.output) });
      }
      return tileDone(work, points.at(-1)!.t);
    }
    const finer = withCrossings(reader, points, levels[next], least);
    for (let begin = 0; begin < finer.length - 1; begin += HELD) {
      const part = finer.slice(begin, begin + HELD + 1);
      await refine(part, next + 1);
      for (const point of part.slice(0, -1)) point.reading = undefined;
    }
  };
  await refine(ends, 0);
  for (const end of [found[0], found.at(-1)!]) end.units = [];
  return found;
}

/** Reads the gates of a level, and behind it, where that has not been done. */
async function fill(reader: MarginReader, points: Point[], line: Line, level: number): Promise<void> {
  const missing = points.filter(({ reading }) => reading === undefined);
  const readings = await reader.read(line.points(missing.map(({ t }) => t)), level);
  missing.forEach((point, i) => (point.reading = readings[i]));
}

function largest({ reading }: Point, gate: number): number {
  return reading!.margins[gate]!.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
}

/** The points, and between them the crossings of the gates of one level. */
function withCrossings(
  reader: MarginReader,
  points: Point[],
  level: number,
  least: readonly number[],
): Point[] {
  const gates = [...reader.gates.entries()].filter(([, gate]) => gate.level === level);
  const finer: Point[] = [points[0]];
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    const between = gates.flatMap(([g, gate]) =>
      crossingsOf(gate, from.reading!.margins[g]!, to.reading!.margins[g]!, least[g]).map(
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

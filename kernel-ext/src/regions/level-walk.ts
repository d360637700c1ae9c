import type { GateMargins } from './gate-margins';
import type { MarginReader, Reading } from './margin-reader';

/**
 * A margin below this share of the largest margin of its gate counts as 0, since float32 cannot tell it from 0. So
 * crossings that lie within rounding of each other count as one, and units that only touch their hyperplane do not switch.
 */
export const ROUNDING = 2 ** -21;

/** Bytes of margins that are kept in memory for each level of gates. */
const HELD = 2 ** 26;

/** A point in the space of inputs; while a walk is near, it holds what the network does there. */
export interface Vertex {
  reading?: Reading;
}

/** A gate of one level. */
export interface LevelGate {
  /** Its position among all gates. */
  index: number;
  gate: GateMargins;
  /** The magnitude below which its margins count as 0. */
  least: number;
}

/** What is walked through: groups G of parts of a line or a plane, which are read at vertices V. */
export interface Division<G, V extends Vertex> {
  vertices(group: G): Iterable<V>;
  /** The inputs at some vertices, one after the other. */
  inputs(vertices: readonly V[]): Float32Array;
  /**
   * Divides a group by the gates of one level, whose margins are affine in each of its parts.
   * @param held how many parts a group may have; each group is walked to its end before the next one is asked for.
   */
  divide(group: G, gates: readonly LevelGate[], held: number): Iterable<G>;
}

/**
 * Divides a part of the input space into the parts within which no unit switches, level by level: the margins of the first
 * gates are affine in all of it; in the parts between their crossings those of the next gates are; and so on. Groups of parts
 * go through the levels one after the other, so that memory does not grow with the number of parts.
 *
 * @returns groups that no level divides any more, in order, with F read at their vertices.
 */
export async function* levelWalk<G, V extends Vertex>(
  reader: MarginReader,
  whole: G,
  division: Division<G, V>,
): AsyncGenerator<G> {
  const levels = [...new Set(reader.gates.map(({ level }) => level))].sort((a, b) => a - b);
  await read(reader, whole, division, levels[0] ?? Infinity);
  const ends = [...division.vertices(whole)];
  const gates = reader.gates.map((gate, index): LevelGate => {
    const largest = Math.max(...ends.map(({ reading }) => largestOf(reading!.margins[index]!)));
    return { index, gate, least: ROUNDING * largest };
  });
  const held = heldBy(reader);
  async function* walk(group: G, next: number): AsyncGenerator<G> {
    const level = levels[next] ?? Infinity;
    await read(reader, group, division, level);
    if (level === Infinity) yield group;
    else {
      const own = gates.filter(({ gate }) => gate.level === level);
      for (const finer of division.divide(group, own, held)) yield* walk(finer, next + 1);
    }
  }
  yield* walk(whole, 0);
}

/** Reads the gates of a level, and those after it, where that has not been done. */
async function read<G, V extends Vertex>(
  reader: MarginReader,
  group: G,
  division: Division<G, V>,
  level: number,
): Promise<void> {
  const missing = [...new Set(division.vertices(group))].filter(({ reading }) => reading === undefined);
  const readings = await reader.read(division.inputs(missing), level);
  missing.forEach((vertex, i) => (vertex.reading = readings[i]));
}

const largestOf = (margins: Float32Array): number =>
  margins.reduce((most, z) => Math.max(most, Math.abs(z)), 0);

function heldBy({ gates }: MarginReader): number {
  const bytes = gates.reduce((sum, { size }) => sum + 4 * size, 1);
  return Math.max(8, Math.min(256, Math.floor(HELD / bytes)));
}

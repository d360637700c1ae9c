import type { GateMargins } from '../regions/gate-margins';

/** Where a unit switches between two inputs, as a share of the path between them, and which entry of its gate the unit is. */
export interface Crossing {
  share: number;
  entry: number;
}

/**
 * All crossings of one gate strictly between two inputs, between which its margins are affine. A margin of 0 at an end is not a
 * crossing: the unit switches there or only touches its hyperplane.
 *
 * @param from, to the gate's margins at the two inputs.
 * @param least magnitude below which a margin counts as 0.
 */
export function crossingsOf(
  gate: GateMargins,
  from: Float32Array,
  to: Float32Array,
  least: number,
): Crossing[] {
  return gate.groups === null
    ? signChanges(from, to, least)
    : changesOfLargest(gate.groups, gate.groupSize, { from, to, least });
}

function signChanges(from: Float32Array, to: Float32Array, least: number): Crossing[] {
  const found: Crossing[] = [];
  for (let entry = 0; entry < from.length; entry++) {
    const a = from[entry];
    const b = to[entry];
    if ((a < -least && b > least) || (a > least && b < -least)) found.push({ share: a / (a - b), entry });
  }
  return found;
}

/** How far the entries of a choice are below the largest, at two inputs. */
interface Gaps {
  from: Float32Array;
  to: Float32Array;
  least: number;
}

/** Between the two inputs the entry with the smallest gap is the largest. */
function changesOfLargest(groups: Int32Array, groupSize: number, gaps: Gaps): Crossing[] {
  const found: Crossing[] = [];
  for (let begin = 0; begin < groups.length; begin += groupSize) {
    let current = leader(groups, begin, groupSize, gaps);
    while (gaps.to[current] > gaps.least) {
      const next = overtaking(groups, begin, groupSize, gaps, current);
      if (next.share > 0) found.push(next);
      current = next.entry;
    }
  }
  return found;
}

/** The largest entry right after the start; if several are equal, the one that is largest at the end. */
function leader(groups: Int32Array, begin: number, groupSize: number, { from, to, least }: Gaps): number {
  let best = -1;
  for (let i = begin; i < begin + groupSize; i++) {
    const entry = groups[i];
    if (from[entry] <= least && (best < 0 || to[entry] < to[best])) best = entry;
  }
  return best;
}

/** The entry that overtakes the current largest first; if several do at once, the one that is largest at the end. */
function overtaking(
  groups: Int32Array,
  begin: number,
  groupSize: number,
  { from, to, least }: Gaps,
  current: number,
): Crossing {
  let share = Infinity;
  let best = current;
  for (let i = begin; i < begin + groupSize; i++) {
    const entry = groups[i];
    const gain = to[current] - to[entry];
    if (gain <= 0) continue;
    const gap = from[entry] - from[current];
    const meets = gap <= least ? 0 : gap / (gap + gain);
    if (meets < share || (meets === share && to[entry] < to[best])) {
      share = meets;
      best = entry;
    }
  }
  return { share, entry: best };
}

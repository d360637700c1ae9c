import type { SingleInstance } from '../linear-map/single-instance';
import { marginsOf, type Margin } from '../plan/margins';
import { ROUNDING } from './level-walk';
import { marginsAt } from './margin-rows';
import { pushedMargins } from './pushed-margins';
import type { Reach, Unit } from '../payload';
import { unitAt } from './unit';

export type { Reach };

/**
 * The first border of x's region on the path to x'. In the region margins are affine, so one pass at x and one along x' − x
 * tell where each of them becomes 0.
 *
 * @param other x', D numbers
 * @throws NoRegionError
 */
export async function reachAt({ network, x }: SingleInstance, other: Float32Array): Promise<Reach> {
  const margins = marginsOf(network.plan);
  const from = await x.data<'float32'>();
  const direction = from.map((v, i) => other[i] - v);
  const length = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
  const here = await marginsAt(network, x, margins);
  const change = await pushedMargins(network, x, margins, direction);
  let [share, unit]: [number, Unit | null] = [1, null];
  margins.margins.forEach((margin, i) => {
    const first = firstOf(margin, here[i], change[i]);
    if (first.share < share) [share, unit] = [first.share, unitAt(margin, first.entry)];
  });
  return { share, unit, distance: share * length, length };
}

/** Where on the path the first entry of a gate switches; Infinity if none ever does. */
function firstOf({ kind }: Margin, here: Float32Array, change: Float32Array) {
  const least = ROUNDING * change.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  let first = { share: Infinity, entry: -1 };
  here.forEach((z, entry) => {
    const d = change[entry];
    if (Math.abs(d) <= least) return;
    // A threshold of 0 is off; an entry that is 0 below the chosen one is not chosen.
    const isOn = kind === 'choice' || z > 0;
    const share = isOn === d < 0 ? Math.max(0, -z / d) : Infinity;
    if (share < first.share) first = { share, entry };
  });
  return first;
}

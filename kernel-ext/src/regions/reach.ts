import { checkOptions, oneOf, type OptionKinds } from '../errors/check-options';
import type { SingleInstance } from '../linear-map/single-instance';
import { marginsOf, type Margin } from '../plan/margins';
import { ROUNDING } from './level-walk';
import { marginsAt } from './margin-rows';
import { pushedMargins } from './pushed-margins';
import type { Reach, Unit } from '../payload';
import { unitAt } from './unit';

export type { Reach };

/** How `reach` measures. */
export interface ReachOptions {
  /**
   * Units that are exactly at their threshold at x (equal entries in a max-pool's window, pre-activations of 0) and switch with
   * the first step toward x'. 'count' (default): the share is 0 then. 'skip': up to where the first other unit switches.
   */
  ties?: 'count' | 'skip';
}

const REACH: OptionKinds = { ties: oneOf('count', 'skip') };

/** @throws {OptionError} */
export const checkReachOptions = (options: ReachOptions): void => checkOptions('reach', options, REACH);

/**
 * The first border of x's region on the path to x'. In the region margins are affine, so one pass at x and one along x' − x
 * tell where each of them becomes 0.
 *
 * @param other x', D numbers
 * @throws NoRegionError
 */
export async function reachAt(
  { network, x }: SingleInstance,
  other: Float32Array,
  { ties = 'count' }: ReachOptions = {},
): Promise<Reach> {
  const margins = marginsOf(network.plan);
  const from = await x.data<'float32'>();
  const direction = from.map((v, i) => other[i] - v);
  const length = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
  const here = await marginsAt(network, x, margins);
  const change = await pushedMargins(network, x, margins, direction);
  let [share, touching]: [number, number] = [1, 0];
  let unit: Unit | null = null;
  margins.margins.forEach((margin, i) => {
    const first = firstOf(margin, here[i], change[i], ties === 'skip');
    touching += first.touching;
    if (first.share < share) [share, unit] = [first.share, unitAt(margin, first.entry)];
  });
  return { share, unit, distance: share * length, length, touching };
}

/**
 * Where on the path the first entry of a gate switches, Infinity if none ever does; and how many entries switch at once, since
 * their margins at x cannot be told from 0.
 */
function firstOf({ kind }: Margin, here: Float32Array, change: Float32Array, skipsTouching: boolean) {
  const least = ROUNDING * largestOf(change);
  const touches = ROUNDING * largestOf(here);
  let [share, entry, touching] = [Infinity, -1, 0];
  for (let i = 0; i < here.length; i++) {
    const [z, d] = [here[i], change[i]];
    if (Math.abs(d) <= least) continue;
    // A threshold of 0 is off; an entry that is 0 below the chosen one is not chosen.
    const isOn = kind === 'choice' || z > 0;
    if (isOn !== d < 0) continue;
    const isTouching = Math.abs(z) <= touches;
    if (isTouching) touching++;
    if (isTouching && skipsTouching) continue;
    const at = Math.max(0, -z / d);
    if (at < share) [share, entry] = [at, i];
  }
  return { share, entry, touching };
}

const largestOf = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

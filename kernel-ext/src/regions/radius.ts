import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { checkOptions, FLAG, oneOf, WORK, type OptionKinds } from '../errors/check-options';
import type { SingleInstance } from '../linear-map/single-instance';
import { assertWanted, partOf, stepDone, tileDone, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { sizeOf } from '../plan/graph';
import { marginsOf, type Margins } from '../plan/margins';
import { costOfAll } from '../plan/row-strategies';
import { marginRow, marginsAt, type Entry } from './margin-rows';
import { positionsOf } from './gate-margins';
import { rowBounds } from './row-bounds';
import { estimatedNorms, rowNorms } from './row-norms';
import { unitAt, type Unit } from './unit';

/** How the distance to the border of the region is measured. */
export interface RadiusOptions extends Work {
  /** 'l2' (default): Euclidean; 'linf': the largest change of any one number of x. */
  norm?: 'l2' | 'linf';
  /**
   * Units whose hyperplane x lies on (equal entries in a max-pool's window, pre-activations of exactly 0). 'count' (default):
   * the distance is 0 then, as x is on the border of its region. 'skip': the distance to the nearest hyperplane that x is
   * not on.
   */
  ties?: 'count' | 'skip';
  /** Compute the exact distance however long it takes. Default: if a pass for each of the D inputs is affordable. */
  exact?: boolean;
}

const RADIUS: OptionKinds = { ...WORK, norm: oneOf('l2', 'linf'), ties: oneOf('count', 'skip'), exact: FLAG };

/** @param command who got the options @throws {OptionError} */
export const checkRadiusOptions = (command: string, options: RadiusOptions): void =>
  checkOptions(command, options, RADIUS);

/** How far the map of x remains exact. */
export interface Radius {
  norm: 'l2' | 'linf';
  /** The distance from x to `point`. If `exact`, it is the distance to the border of the region; otherwise the border may be nearer. */
  distance: number;
  /** No input nearer than this is beyond the border; `distance` itself if `exact`. */
  lower: number;
  exact: boolean;
  /** The unit that switches at `point`; null if nothing in the network can switch. */
  unit: Unit | null;
  /** The nearest input at which `unit` switches, in x's shape; the caller disposes it. */
  point: Tensor | null;
  /** The number of units whose hyperplane x lies on. */
  touching: number;
}

/**
 * The most multiplications (those of a forward pass, times D) for which the exact distance is computed by default.
 * An MNIST CNN takes 2e9 (a quarter of a second), a ResNet-20 at 32 × 32 × 3 1.3e11 (20 s).
 */
const AFFORDABLE = 2 ** 36;

/** Rows that are computed one by one where the exact distance takes too long, those of the most promising units. */
const ROWS = 64;

/** The share of that work that finds the most promising units: a fifth for MobileNetV2. */
const ESTIMATING = 0.2;

/**
 * The distance from x to the nearest hyperplane at which a unit switches, in the map of x: within it nothing switches, so
 * that W and b are exact; at its end something does. Distances are |z|/‖w‖* for a margin z = w·x + c, ‖·‖* the dual norm.
 *
 * @throws NoRegionError, AbortError
 */
export async function radiusAt(single: SingleInstance, options: RadiusOptions): Promise<Radius> {
  const { norm = 'l2', ties = 'count', exact } = options;
  assertWanted(options);
  const { network, x } = single;
  const { plan } = network;
  const margins = marginsOf(plan);
  const search: Search = { single, margins, norm, at: await marginsAt(network, x, margins) };
  const affordable = costOfAll(plan) * sizeOf(plan.input.shape) <= AFFORDABLE;
  const isExact = exact ?? affordable;
  const facts = isExact
    ? { label: 'Radius', total: sizeOf(plan.input.shape), unit: 'inputs' }
    : inPercent('Radius');
  return withWorkBar(facts, options, work =>
    isExact ? exactly(search, ties, work) : between(search, ties, work),
  );
}

interface Search {
  single: SingleInstance;
  margins: Margins;
  norm: 'l2' | 'linf';
  /** The margins at x. */
  at: Float32Array[];
}

async function exactly(search: Search, ties: 'count' | 'skip', work: Work): Promise<Radius> {
  const { single, margins, norm, at } = search;
  const norms = await rowNorms(single.network, single.x, margins, norm === 'l2' ? 'l2' : 'l1', work);
  const nearest = smallestOf(await ratios(at, norms, ties), 1).at(0) ?? null;
  const touching = touchingIn(at, norms);
  if (nearest === null) return nowhere(norm, touching, Infinity);
  const { distance, point, unit } = await hyperplane(search, nearest);
  return { norm, distance, lower: distance, exact: true, unit, point: pointAt(search, point), touching };
}

async function between(search: Search, ties: 'count' | 'skip', work: Work): Promise<Radius> {
  const { single, margins, norm, at } = search;
  const bounds = await rowBounds(single.network, single.x, margins);
  for (const { margin, entry } of chosenOnes(margins, at)) bounds[margin][entry] = 0;
  const lowest = await ratios(at, bounds, ties);
  const touching = touchingIn(at, bounds);
  const norms = await estimatedNorms(single.network, single.x, margins, partOf(work, 0, ESTIMATING));
  const guesses = await ratios(at, norms, ties);
  const measuring = partOf(work, ESTIMATING, 1);
  let best: Awaited<ReturnType<typeof hyperplane>> | null = null;
  for (const [i, position] of smallestOf(guesses, ROWS).entries()) {
    await tileDone(measuring, i / ROWS);
    const found = await hyperplane(search, position);
    lowest[position.margin][position.entry] = found.distance;
    if (best === null || found.distance < best.distance) best = found;
  }
  const lower = smallestOf(lowest, 1).at(0)?.distance ?? Infinity;
  if (best === null) return nowhere(norm, touching, lower);
  const { distance, point, unit } = best;
  return {
    norm,
    distance,
    lower: Math.min(lower, distance),
    exact: lower >= distance,
    unit,
    point: pointAt(search, point),
    touching,
  };
}

const pointAt = ({ single }: Search, numbers: Float32Array): Tensor =>
  tf.tensor(numbers, single.x.shape, 'float32');

const nowhere = (norm: Radius['norm'], touching: number, lower: number): Radius => ({
  norm,
  distance: Infinity,
  lower,
  exact: lower === Infinity,
  unit: null,
  point: null,
  touching,
});

interface UnitPosition {
  margin: number;
  entry: number;
}

/** The chosen entries, whose margins are 0 for every x of the region; the first one if several are equal. */
function chosenOnes({ margins }: Margins, at: Float32Array[]): UnitPosition[] {
  return margins.flatMap(({ kind, value, axes }, margin) => {
    if (kind === 'threshold') return [];
    const { group } = positionsOf(value.shape, axes);
    const chosen = new Map<number, number>();
    at[margin].forEach((z, entry) => {
      if (z === 0 && !chosen.has(group(entry))) chosen.set(group(entry), entry);
    });
    return [...chosen.values()].map(entry => ({ margin, entry }));
  });
}

/** |z|/‖w‖*; infinite where x cannot move z. Networks have millions of units, so this is a plain loop that can be stopped. */
async function ratios(
  at: Float32Array[],
  norms: readonly (Float32Array | Float64Array)[],
  ties: 'count' | 'skip',
): Promise<Float64Array[]> {
  const all: Float64Array[] = [];
  for (const [margin, values] of at.entries()) {
    const own = norms[margin];
    const distances = new Float64Array(values.length);
    for (let k = 0; k < values.length; k++) {
      const isApart = own[k] === 0 || (values[k] === 0 && ties === 'skip');
      distances[k] = isApart ? Infinity : Math.abs(values[k]) / own[k];
    }
    all.push(distances);
    await stepDone();
  }
  return all;
}

function touchingIn(at: Float32Array[], norms: readonly (Float32Array | Float64Array)[]): number {
  let count = 0;
  at.forEach((values, margin) => {
    const own = norms[margin];
    for (let k = 0; k < values.length; k++) if (values[k] === 0 && own[k] > 0) count++;
  });
  return count;
}

/** Where the smallest finite distances are, the smallest first. Networks have millions of units, so not all are sorted. */
function smallestOf(distances: Float64Array[], count: number): (UnitPosition & { distance: number })[] {
  const found: (UnitPosition & { distance: number })[] = [];
  let bound = Infinity;
  const add = (margin: number, entry: number, distance: number): void => {
    const after = found.findIndex(other => other.distance > distance);
    found.splice(after < 0 ? found.length : after, 0, { margin, entry, distance });
    if (found.length > count) found.pop();
    if (found.length === count) bound = found[count - 1].distance;
  };
  for (const [margin, values] of distances.entries())
    for (let entry = 0; entry < values.length; entry++)
      if (values[entry] < bound) add(margin, entry, values[entry]);
  return found;
}

/** A unit's hyperplane: its distance by the row itself, summed in float64, and the point on it that is nearest to x. */
async function hyperplane({ single, margins, norm, at }: Search, { margin, entry }: UnitPosition) {
  const position: Entry = { margin: margins.margins[margin], entry };
  const row = await marginRow(single.network, single.x, margins, position);
  const z = at[margin][entry];
  let [l1, squares] = [0, 0];
  for (const w of row) {
    l1 += Math.abs(w);
    squares += w * w;
  }
  const distance = z === 0 ? 0 : Math.abs(z) / (norm === 'l2' ? Math.sqrt(squares) : l1);
  const x = await single.x.data<'float32'>();
  const moved = row.map((w, i) => x[i] - (norm === 'l2' ? (w * z) / squares : (Math.sign(w) * z) / l1));
  return {
    distance,
    point: z === 0 ? x : moved,
    unit: unitAt(position.margin, entry),
  };
}

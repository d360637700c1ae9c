import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { NoTieError, OptionError } from '../errors';
import { checkOptions, RUN } from '../errors/check-options';
import { tileDone } from '../linear-map/work';
import { withWorkBar } from '../linear-map/work-bar';
import type { CompiledModel } from '../linearization/compiled-model';
import { prepareInput } from '../linearization/linearize';
import { linearizeAt } from '../linearization/linearize-at';
import { outputLabels } from '../linearization/output-labels';
import type { Unit } from '../regions/unit';
import { Line } from './line';
import { pathAlong, type Path, type PathOptions } from './path';

/** An input near x at which two outputs are equal. */
export interface ContrastEdit {
  /** x', in x's shape, with F(x')_i = F(x')_j; the caller disposes it. */
  point: Tensor;
  /** Which axis of `point` holds the channels. */
  channelAxis: number;
  /** ‖x' − x‖, l2 */
  distance: number;
  /**
   * 'everywhere': no smaller edit makes the two equal, since all smaller edits lie in the region of x. 'in the region': no smaller
   * edit within the region of x does. null: x' lies outside the region, and a smaller edit may exist.
   */
  smallest: 'everywhere' | 'in the region' | null;
  /** The two outputs, and their names. */
  outputs: readonly [number, number];
  labels: readonly [string, string];
  /** F(x)_i − F(x)_j. */
  gap: number;
  /** The units that switch between x and x', border by border. */
  crossed: readonly (readonly Unit[])[];
  /** The corners of the walk: x, each input at which the walk changed direction, and x'; numbers in x's shape. */
  corners: readonly Float32Array[];
}

/** Number of rounds, each of which aims again from the point where the last one came nearest. */
const MOST_ROUNDS = 50;

/** How far beyond the tie that the map predicts a round looks, as a multiple of the distance to it. */
const REACH = 2;

/**
 * The path from x to a tie of outputs i and j. Within the region the smallest edit is −gap·w/‖w‖² with w = W_i − W_j; if that leaves
 * the region, the walk continues through the regions beyond, exactly from breakpoint to breakpoint, and aims again where it came nearest.
 *
 * @param x one instance, as for `linearize`; it stays the caller's.
 * @param i, j outputs from 0 to C − 1
 * @returns its `point` belongs to the caller.
 * @throws NoTieError if the walk finds none, ClassIndexError, NoRegionError, DiscontinuityError, AbortError, and what
 *   `linearize` throws.
 *
 * @example
 * const edit = await contrastEdit(model, x, 7, 9);
 * plot(edit.point); // an input where 7 and 9 tie
 */
export async function contrastEdit(
  model: Model,
  x: Tensor | TensorLike,
  i: number,
  j: number,
  options: PathOptions = {},
): Promise<ContrastEdit> {
  checkOptions('contrastEdit', options, RUN);
  if (i === j) throw new OptionError('contrastEdit', 'j', j, 'an output other than i');
  const { model: compiled, input, labels } = await prepareInput(model, x, options);
  const facts = { label: 'Contrast edit', total: MOST_ROUNDS, unit: 'rounds' };
  try {
    return await withWorkBar(facts, options, work =>
      contrastEditAt(compiled, input.x, i, j, { labels, ...options, ...work }),
    );
  } finally {
    input.x.dispose();
  }
}

/**
 * As `contrastEdit`, for a model that is already compiled.
 * @param start x, one instance; it stays the caller's.
 */
export async function contrastEditAt(
  model: CompiledModel,
  start: Tensor,
  i: number,
  j: number,
  options: Omit<PathOptions, 'to' | 'policy'> = {},
): Promise<ContrastEdit> {
  const walk: Walk = { model, i, j, options, crossed: [], corners: [await numbersOf(start)] };
  let here = tf.clone(start);
  let gap: number | undefined;
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await tileDone(options, round / MOST_ROUNDS);
      const next = await oneRound(walk, here);
      gap ??= next.gap;
      here.dispose();
      here = next.point;
      walk.corners.push(await numbersOf(here));
      if (!next.tied) continue;
      const { crossed, corners } = walk;
      const distance = between(corners[0], corners.at(-1)!);
      const smallest = crossed.length > 0 ? null : await proof(walk, start, distance);
      const names = outputLabels(model.outputs, options.labels);
      const labels = [names[i], names[j]] as const;
      const point = here.reshape(start.shape);
      const { channelAxis } = model.latest;
      return { point, channelAxis, distance, smallest, outputs: [i, j], labels, gap, crossed, corners };
    }
    throw new NoTieError(i, j, gap!);
  } finally {
    here.dispose();
  }
}

interface Walk {
  model: CompiledModel;
  i: number;
  j: number;
  options: Omit<PathOptions, 'to' | 'policy'>;
  crossed: Unit[][];
  corners: Float32Array[];
}

/**
 * Aims from one input at the tie that its map predicts, and walks there.
 * @returns the tie, or where the path comes nearest to one; the caller disposes it.
 * @throws NoTieError
 */
async function oneRound(walk: Walk, here: Tensor): Promise<{ point: Tensor; tied: boolean; gap: number }> {
  const { model, i, j, options, crossed } = walk;
  const { gap, target } = await aim(walk, here);
  const line = new Line(await numbersOf(here), target);
  const path = await pathAlong(model, line, { ...options, onProgress: undefined });
  const tie = firstTie(path, i, j);
  const end = tie ?? nearest(path, i, j);
  if (tie === null && end === 0) throw new NoTieError(i, j, gap);
  path.units.forEach((units, v) => {
    if (path.t[v] > 0 && path.t[v] < end) crossed.push([...units]);
  });
  return { point: path.input(end), tied: tie !== null, gap };
}

/** F_i − F_j at an input, and an input beyond the tie that its map predicts. @throws NoTieError where W_i = W_j */
async function aim(
  { model, i, j, options }: Walk,
  here: Tensor,
): Promise<{ gap: number; target: Float32Array }> {
  const lin = await linearizeAt(model, model.checked(tf.clone(here)), options);
  try {
    const contrast = await lin.contrast(i, j);
    const w = (await contrast.data()) as Float32Array;
    contrast.dispose();
    const y = await lin.output.data();
    const gap = y[i] - y[j];
    const squares = w.reduce((sum, v) => sum + v * v, 0);
    if (squares === 0) throw new NoTieError(i, j, gap);
    const x = await here.data();
    return { gap, target: w.map((v, k) => x[k] - (REACH * gap * v) / squares) };
  } finally {
    lin.dispose();
  }
}

const gapAt = ({ outputs, classes }: Path, vertex: number, i: number, j: number) =>
  outputs[vertex * classes + i] - outputs[vertex * classes + j];

/** Where on the path the two outputs are first equal; null if they never are. */
function firstTie(path: Path, i: number, j: number): number | null {
  for (let v = 0; v < path.regions; v++) {
    const [from, to] = [gapAt(path, v, i, j), gapAt(path, v + 1, i, j)];
    if (from === 0) return path.t[v];
    if (from * to <= 0) return path.t[v] + (from / (from - to)) * (path.t[v + 1] - path.t[v]);
  }
  return null;
}

function nearest(path: Path, i: number, j: number): number {
  const gaps = Array.from(path.t, (_, v) => Math.abs(gapAt(path, v, i, j)));
  return path.t[gaps.indexOf(Math.min(...gaps))];
}

/** For an edit that stays in its region: whether all smaller ones do, too. */
async function proof(
  { model, options }: Walk,
  x: Tensor,
  distance: number,
): Promise<ContrastEdit['smallest']> {
  const lin = await linearizeAt(model, model.checked(tf.clone(x)), options);
  try {
    const { lower, point } = await lin.radius({ signal: options.signal });
    point?.dispose();
    return distance <= lower ? 'everywhere' : 'in the region';
  } finally {
    lin.dispose();
  }
}

const between = (from: Float32Array, to: Float32Array): number =>
  Math.sqrt(from.reduce((sum, v, k) => sum + (to[k] - v) ** 2, 0));

const numbersOf = async (x: Tensor): Promise<Float32Array> => Float32Array.from(await x.data<'float32'>());

import type { Checkpoint } from './checkpoint';
import { CHECKPOINTS, type Course, isDue, REPORTS } from './training-monitor';
import { FREE_ITERATIONS, freePlaces, type FreeState, freeStateAt } from './non-parametric-coordinates';
import type { Rows } from './points';
import { principalPlaces } from './principal-axes';
import { randomFor } from './random';
import type { Settings } from './settings';
import type { SparseGraph } from './sparse-graph';

/** Standard deviation of the principal components from which the free map departs. */
const FREE_START = 1e-4;

/**
 * The map that t-SNE makes of the points without a network, from where the checkpoint has it, else from the principal
 * components.
 * @returns [N·2]
 * @throws SaveError, CheckpointMismatchError, and what the course was aborted with
 */
export async function freeMap(
  rows: Rows,
  graph: SparseGraph,
  { seed, alpha }: Settings,
  course: Course,
  checkpoint?: Checkpoint,
): Promise<Float64Array> {
  const goesOn = async (state: FreeState, loss: () => number) => {
    const { iteration } = state;
    if (isDue(iteration, FREE_ITERATIONS, REPORTS))
      course.report('free', iteration, FREE_ITERATIONS, loss(), watchedPlaces(state, course.watched));
    if (isDue(iteration, FREE_ITERATIONS, CHECKPOINTS)) await checkpoint?.saveFree(state);
    await course.turn();
    return !course.isStopped;
  };
  const state = (await checkpoint?.resumeFree()) ?? principalState(rows, seed);
  return freePlaces(graph, state, { alpha, goesOn });
}

function principalState(rows: Rows, seed: number): FreeState {
  const axes = principalPlaces(rows, 2, randomFor(seed, 'free'));
  const start = axes.dataSync<'float32'>().map(place => FREE_START * place);
  axes.dispose();
  return freeStateAt(start);
}

const watchedPlaces = ({ places }: FreeState, watched: Int32Array) =>
  Float32Array.from({ length: 2 * watched.length }, (_, k) => places[2 * watched[k >> 1] + (k % 2)]);

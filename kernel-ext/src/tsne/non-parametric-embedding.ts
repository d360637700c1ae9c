import type { Checkpoint } from './checkpoint';
import { CHECKPOINTS, type TrainingMonitor, isDue, REPORTS } from './training-monitor';
import {
  NON_PARAMETRIC_ITERATIONS,
  nonParametricCoordinates,
  type NonParametricState,
  stateAt,
} from './non-parametric-coordinates';
import type { Rows } from './points';
import { principalCoordinates } from './principal-axes';
import { randomFor } from './random';
import type { Settings } from './settings';
import type { SparseGraph } from './sparse-graph';

/** Standard deviation of the principal components from which the non-parametric embedding starts. */
const START_DEVIATION = 1e-4;

/**
 * The embedding that t-SNE computes without a network, continued from the checkpoint or started from the principal
 * components.
 * @returns [N·2]
 * @throws SaveError, CheckpointMismatchError, and the reason of the abort
 */
export async function nonParametricEmbedding(
  rows: Rows,
  graph: SparseGraph,
  { seed, alpha }: Settings,
  monitor: TrainingMonitor,
  checkpoint?: Checkpoint,
): Promise<Float64Array> {
  const goesOn = async (state: NonParametricState, loss: () => number) => {
    const { iteration } = state;
    if (isDue(iteration, NON_PARAMETRIC_ITERATIONS, REPORTS))
      monitor.report(
        'non-parametric',
        iteration,
        NON_PARAMETRIC_ITERATIONS,
        loss(),
        watchedCoordinates(state, monitor.watched),
      );
    if (isDue(iteration, NON_PARAMETRIC_ITERATIONS, CHECKPOINTS)) await checkpoint?.saveNonParametric(state);
    try {
      await monitor.turn();
    } catch (aborted) {
      // Without room for this checkpoint, the previous one is still there.
      await checkpoint?.saveNonParametric(state).catch(() => {});
      throw aborted;
    }
    return !monitor.isStopped;
  };
  const state = (await checkpoint?.resumeNonParametric(rows.count)) ?? principalState(rows, seed);
  return nonParametricCoordinates(graph, state, { alpha, goesOn });
}

function principalState(rows: Rows, seed: number): NonParametricState {
  const axes = principalCoordinates(rows, 2, randomFor(seed, 'free'));
  const start = axes.dataSync<'float32'>().map(value => START_DEVIATION * value);
  axes.dispose();
  return stateAt(start);
}

const watchedCoordinates = ({ coordinates }: NonParametricState, watched: Int32Array) =>
  Float32Array.from({ length: 2 * watched.length }, (_, k) => coordinates[2 * watched[k >> 1] + (k % 2)]);

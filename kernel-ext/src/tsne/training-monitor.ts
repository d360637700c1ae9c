import type { Rows } from './points';
import { trustworthiness } from './quality';
import { randomFor, sampleOf } from './random';
import type { TrainingBar } from './training-bar';
import type { TrainingProgress } from './settings';
import { resultOf } from './steps';
import type { TrainingWatch } from './watch';

/** How often progress is reported, and checkpoints are written, over a stage of the training. */
export const REPORTS = 50;
export const CHECKPOINTS = 20;
/** How many points are reported, and how many neighbors count for their trustworthiness. */
const WATCHED = 1000;
const NEIGHBORS = 12;
/** How long a paused training sleeps before it checks again. */
const PAUSE_MS = 50;

/** Who follows a training and may pause or end it. */
export interface Followers {
  signal?: AbortSignal;
  onProgress?: (progress: TrainingProgress) => void;
  watch?: TrainingWatch | null;
  bar?: TrainingBar;
}

/** Reports the progress of a training, and tells it to pause or stop. */
export class TrainingMonitor {
  /** Indices of the points whose coordinates are reported. */
  readonly watched: Int32Array;
  private readonly data: Rows;

  constructor(
    rows: Rows,
    seed: number,
    private readonly followers: Followers,
  ) {
    this.watched = sampleOf(rows.count, WATCHED, randomFor(seed, 'watched'));
    this.data = watchedRows(rows, this.watched);
  }

  get isStopped(): boolean {
    return this.followers.watch?.isStopped ?? false;
  }

  /** Whether an error is what the training was aborted with. */
  isCause(error: unknown): boolean {
    const { signal } = this.followers;
    return signal !== undefined && signal.aborted && error === signal.reason;
  }

  /** @param coordinates [n·d] of the watched points */
  report(
    stage: TrainingProgress['stage'],
    epoch: number,
    epochs: number,
    loss: number,
    coordinates: Float32Array,
  ): TrainingProgress {
    const { watched, data, followers } = this;
    const count = watched.length;
    const k = Math.min(NEIGHBORS, Math.ceil(count / 2) - 1);
    const embedded = { count, width: coordinates.length / count, values: coordinates };
    const trust = resultOf(trustworthiness(data, embedded, k));
    const progress = { stage, epoch, epochs, loss, trustworthiness: trust, indices: watched, coordinates };
    followers.watch?.show(progress);
    followers.bar?.show(progress);
    followers.onProgress?.(progress);
    return progress;
  }

  /** Yields to the rest of the process, waits while the training is paused, and throws if it was aborted. */
  async turn(): Promise<void> {
    const { watch, signal } = this.followers;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    while (watch?.isPaused && !watch.isStopped) {
      await new Promise(resume => setTimeout(resume, PAUSE_MS));
      signal?.throwIfAborted();
    }
  }
}

/** True for the last step and about `times` times before it. */
export function isDue(step: number, steps: number, times: number): boolean {
  return step === steps || step % Math.ceil(steps / times) === 0;
}

function watchedRows({ width, values }: Rows, at: Int32Array): Rows {
  const chosen = new Float32Array(at.length * width);
  at.forEach((i, row) => chosen.set(values.subarray(i * width, (i + 1) * width), row * width));
  return { count: at.length, width, values: chosen };
}

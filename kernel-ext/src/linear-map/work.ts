import { setImmediate } from 'node:timers/promises';
import { AbortError } from '../errors';
import { installedSink } from '../sink/current-sink';

/** How to watch and cancel long work. */
export interface Work {
  /** Ends the work at the next tile: the promise rejects with AbortError, and leaves no tensor behind. */
  signal?: AbortSignal;
  /** Called after each tile with the fraction of the work that is done, from 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/** Called between tiles: yields to other work, so that a signal can arrive, and reports progress. @throws AbortError */
export async function tileDone({ signal, onProgress }: Work, fraction: number): Promise<void> {
  onProgress?.(fraction);
  const isWatched = signal !== undefined || onProgress !== undefined;
  if (isWatched || isYieldDue()) await yieldNow();
  assertWanted({ signal });
}

/** As `tileDone`, for steps whose share of the work is unknown. @throws AbortError */
export const stepDone = ({ signal }: Work = {}): Promise<void> => tileDone({ signal }, 0);

/** Work that nobody watches yields this often, and only where a user can stop it. */
const YIELD_MS = 20;
let yielded = 0;

const isYieldDue = (): boolean =>
  installedSink()?.signal !== undefined && performance.now() - yielded > YIELD_MS;

async function yieldNow(): Promise<void> {
  await setImmediate();
  yielded = performance.now();
}

/** @throws AbortError if the work's own signal or that of the running cell has aborted */
export function assertWanted({ signal }: Work): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
  const stopped = installedSink()?.signal;
  if (stopped?.aborted === true) throw new AbortError(stopped.reason);
}

/** A view of some work that covers only the part between two fractions of it. */
export function partOf({ signal, onProgress }: Work, from: number, to: number): Work {
  return { signal, onProgress: onProgress && (fraction => onProgress(from + fraction * (to - from))) };
}

import { setImmediate } from 'node:timers/promises';
import { AbortError } from '../errors';

/** How to watch and cancel long work. */
export interface Work {
  /** Ends the work at the next tile: the promise rejects with AbortError, and leaves no tensor behind. */
  signal?: AbortSignal;
  /** Called after each tile with the fraction of the work that is done, from 0 to 1. */
  onProgress?: (fraction: number) => void;
}

/** Called between tiles: yields to other work, so that a signal can arrive, and reports progress. @throws AbortError */
export async function tileDone({ signal, onProgress }: Work, fraction: number): Promise<void> {
  if (signal === undefined && onProgress === undefined) return;
  onProgress?.(fraction);
  await setImmediate();
  assertWanted({ signal });
}

/** @throws AbortError */
export function assertWanted({ signal }: Work): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

/** A view of some work that covers only the part between two fractions of it. */
export function partOf({ signal, onProgress }: Work, from: number, to: number): Work {
  return { signal, onProgress: onProgress && (fraction => onProgress(from + fraction * (to - from))) };
}

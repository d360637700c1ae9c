import { runInNewContext } from 'node:vm';

/** How long Node may take to hand over a signal that it has kept, in milliseconds. */
const WAIT_MS = 50;

/**
 * Takes a SIGINT that arrived just as the script that it was to end has ended, as when it ends a program that the script
 * waits for. Node keeps such a signal, and would end the next cell with it.
 */
export function takeLateSignal(): void {
  try {
    // In a context of its own, whose clock no cell can have replaced.
    runInNewContext(`{ const end = Date.now() + ${WAIT_MS}; while (Date.now() < end); }`, undefined, {
      breakOnSigint: true,
    });
  } catch {
    // It has arrived.
  }
}

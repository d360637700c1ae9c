import { randomUUID } from 'node:crypto';
import { currentSink } from '../sink/current-sink';
import { progressBundle, progressText } from './progress-bundle';
import type { ProgressState } from './progress-meter';

/** Shows states, each of which replaces the one before; the last one stays. */
export type ProgressOutput = (state: ProgressState) => void;

/**
 * Where progress goes now: below the running cell of the Piecewise kernel, updated in place; on one line of a
 * terminal; elsewhere (a file, a pipe, stock tslab, which cannot replace) only the last state appears.
 */
export function progressOutput(): ProgressOutput {
  const sink = currentSink();
  if (sink.replaces) {
    const displayId = randomUUID();
    let update = false;
    return state => {
      sink.display(progressBundle(state), { displayId, update });
      update = true;
    };
  }
  if (process.stderr.isTTY) return terminalLine;
  return state => {
    if (state.phase !== 'running') sink.display(progressBundle(state));
  };
}

function terminalLine(state: ProgressState): void {
  const { stderr } = process;
  const end = state.phase === 'running' ? '' : '\n';
  stderr.write(`\r\u001b[2K${progressText(state).slice(0, (stderr.columns || 80) - 1)}${end}`);
}

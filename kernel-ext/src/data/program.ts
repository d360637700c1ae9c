import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { stopSignal } from '../sink/current-sink';

const execute = promisify(execFile);

/** Runs a program without a shell, until the user stops the cell; rejects with its output if its exit code is not 0. */
export const run = (program: string, parameters: readonly string[], options: { cwd?: string } = {}) =>
  execute(program, parameters, { ...options, signal: stopSignal() });

/**
 * The first informative line that a failed program wrote.
 * @param prefix removed from each line
 * @param skip lines without information
 */
export function firstSentence(program: string, error: unknown, prefix: RegExp, skip: RegExp): string {
  const text =
    error instanceof Error && 'stderr' in error ? String(error.stderr) || error.message : String(error);
  const lines = text.split('\n').map(line => line.replace(prefix, '').trim());
  return lines.find(line => line && !skip.test(line)) ?? `${program} failed without a message`;
}

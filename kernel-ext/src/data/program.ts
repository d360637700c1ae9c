import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program without a shell; rejects, with what it wrote, if it ends with another code than 0. */
export const run = promisify(execFile);

/**
 * The first line that a failed program wrote.
 * @param prefix cut off from each line; @param skip lines that say nothing
 */
export function firstSentence(program: string, error: unknown, prefix: RegExp, skip: RegExp): string {
  const text =
    error instanceof Error && 'stderr' in error ? String(error.stderr) || error.message : String(error);
  const lines = text.split('\n').map(line => line.replace(prefix, '').trim());
  return lines.find(line => line && !skip.test(line)) ?? `${program} failed without a word`;
}

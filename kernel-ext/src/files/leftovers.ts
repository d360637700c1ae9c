import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** After this time, what a process that no longer runs has left is removed. Processes of other machines may share the folder. */
const LEFT_OVER_MS = 3600 * 1000;

/**
 * Removes files and folders that killed processes have left unfinished.
 * @param prefix begins their names; the number of the process follows
 */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  // A folder that may be written to but not read has nothing to tell.
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const left = join(folder, name);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > LEFT_OVER_MS) await rm(left, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether there is a process with this number on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

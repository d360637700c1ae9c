import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../files/leftovers';
import { CheckpointInUseError, SaveError } from './errors';

/** A folder in which no file can be made cannot get checkpoints either, so no other training can disturb it. */
const CANNOT_WRITE = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Reserves a folder of checkpoints for one training, until the returned function is called or the process ends. Trainings
 * of other machines are not noticed.
 *
 * The folder gets an empty file whose name has the process. Each training makes its own before it looks for others, so that
 * of two at least one sees the other, and a file that a dead process has left can be removed without touching a live one's.
 *
 * @param folder is made if it is not there
 * @throws CheckpointInUseError, SaveError
 */
export async function lockCheckpoint(folder: string): Promise<() => Promise<void>> {
  const own = `.in-use-${process.pid}-${startOf(process.pid)}`;
  const release = () => rm(join(folder, own), { force: true }).catch(() => {});
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, own), '', { flag: 'wx' });
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open') throw new CheckpointInUseError(folder, process.pid);
    if (CANNOT_WRITE.includes(code) && syscall === 'open') return async () => {};
    throw new SaveError(folder, error);
  }
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, start] = /^\.in-use-(\d+)-(\d*)$/.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    if (isSameProcess(Number(pid), start)) {
      await release();
      throw new CheckpointInUseError(folder, Number(pid));
    }
    await rm(join(folder, name), { force: true }).catch(() => {});
  }
  return release;
}

/** Whether the process still runs. The number of one that has ended may be another's now, which has started later. */
function isSameProcess(pid: number, start: string): boolean {
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  return now === '' || start === '' || now === start;
}

/** When a process has started, in ticks since the start of the system; '' where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22; the second one is the program's name in parentheses, which may have spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
}

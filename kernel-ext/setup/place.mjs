import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const PART = '.part-';

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Removes what interrupted set-ups left beside `folder`. What running ones are filling stays. A part with the number of this
 * process comes from an earlier one: in containers, numbers repeat.
 */
function sweep(folder) {
  const prefix = basename(folder) + PART;
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    if (pid !== process.pid && isRunning(pid)) continue;
    rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/**
 * Makes a folder that is either complete or absent: `fill(part)` works in a temporary folder beside it, which is renamed
 * at the end. An interruption costs another start, but never leaves a broken folder.
 */
export async function place(folder, fill) {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  sweep(folder);
  const part = folder + PART + process.pid;
  mkdirSync(part);
  try {
    await fill(part);
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    // Another set-up was faster, and what it placed is as good.
    if (!existsSync(folder)) throw error;
  }
}

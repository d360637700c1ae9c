/**
 * Runs beside a set-up, which writes `+42` when it has started a program with the process group 42, and `-42` when that has
 * ended. When the set-up itself has ended, also by kill -9, the groups that still run are killed: the next set-up must not
 * meet an npm that still writes.
 */
import { createInterface } from 'node:readline';

const groups = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) groups.add(Number(line.slice(1)));
  else groups.delete(Number(line.slice(1)));
}
for (const group of groups) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

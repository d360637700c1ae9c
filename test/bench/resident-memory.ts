import { readFileSync, writeFileSync } from 'node:fs';

/** MiB of memory that this process has resident now. Linux only, as `peakDuring`. */
export const residentMebibytes = (): number => status('VmRSS');

/** Runs work, and says how much was resident at most meanwhile and how long it took. */
export async function peakDuring<T>(
  work: () => Promise<T>,
): Promise<{ result: T; mebibytes: number; seconds: number }> {
  writeFileSync('/proc/self/clear_refs', '5');
  const start = performance.now();
  const result = await work();
  return { result, mebibytes: status('VmHWM'), seconds: (performance.now() - start) / 1000 };
}

const status = (field: string) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;

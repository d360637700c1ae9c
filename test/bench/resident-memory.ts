import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process, by default this one, in MiB. Linux only, like `peakDuring`. */
export const residentMebibytes = (pid: number | 'self' = 'self'): number => status('VmRSS', pid);

/** Runs some work, and reports the peak of resident memory in MiB and the seconds that it took. */
export async function peakDuring<T>(
  work: () => Promise<T>,
): Promise<{ result: T; mebibytes: number; seconds: number }> {
  writeFileSync('/proc/self/clear_refs', '5');
  const start = performance.now();
  const result = await work();
  return { result, mebibytes: status('VmHWM'), seconds: (performance.now() - start) / 1000 };
}

const status = (field: string, pid: number | 'self' = 'self') =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

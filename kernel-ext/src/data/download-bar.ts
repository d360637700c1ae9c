import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProgressBar } from '../progress/progress-bar';

const LOOK_MS = 200;

/**
 * Shows the progress of an installation into a folder by the bytes that have arrived there; npm itself reports none.
 * @param bytes how many there will be at the end
 */
export async function withDownloadBar(
  label: string,
  folder: string,
  bytes: number,
  work: () => Promise<void>,
): Promise<void> {
  const megabytes = (count: number): number => Number((count / 1e6).toFixed(1));
  const bar = new ProgressBar({ label, total: megabytes(bytes), unit: 'MB' });
  const timer = setInterval(() => {
    void bytesIn(folder).then(count => bar.set(megabytes(Math.min(count, bytes))));
  }, LOOK_MS);
  try {
    await work();
    bar.set(megabytes(bytes));
    bar.finish();
  } finally {
    clearInterval(timer);
    bar.stop();
  }
}

/** Bytes of all files below a folder to which others write meanwhile. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(entry => entry.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SaveError } from './errors';
import type { NonParametricState } from './non-parametric-coordinates';

const FILE = 'non-parametric.bin';
const WRITING = 'non-parametric.part';

/**
 * Writes the state of the non-parametric embedding as float64 numbers: the iteration, then coordinates, gains and moves. A
 * rename replaces the previous state, so there is a complete one at any time.
 * @throws SaveError
 */
export async function saveNonParametric(
  folder: string,
  { iteration, coordinates, gains, moves }: NonParametricState,
): Promise<void> {
  const writing = join(folder, WRITING);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(writing, Float64Array.of(iteration));
    for (const numbers of [coordinates, gains, moves]) await writeFile(writing, numbers, { flag: 'a' });
    await rename(writing, join(folder, FILE));
  } catch (error) {
    await rm(writing, { force: true }).catch(() => {});
    throw new SaveError(folder, error);
  }
}

/** @returns the state that was saved last; null if there is none */
export async function readNonParametric(folder: string): Promise<NonParametricState | null> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const numbers = new Float64Array(new Uint8Array(await readFile(file)).buffer);
  const size = (numbers.length - 1) / 3;
  const [coordinates, gains, moves] = [0, 1, 2].map(k => numbers.slice(1 + k * size, 1 + (k + 1) * size));
  return { iteration: numbers[0], coordinates, gains, moves };
}

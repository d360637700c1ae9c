import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file';
import { SaveError } from './errors';
import type { NonParametricState } from './non-parametric-coordinates';

const FILE = 'non-parametric.bin';

/**
 * Writes the state of the non-parametric embedding as float64 numbers: the iteration, then coordinates, gains and moves. The
 * previous state stays until this one is complete.
 * @throws SaveError
 */
export async function saveNonParametric(
  folder: string,
  { iteration, coordinates, gains, moves }: NonParametricState,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, FILE), Float64Array.of(iteration), coordinates, gains, moves);
  } catch (error) {
    throw new SaveError(folder, error);
  }
}

/** @returns the state that was saved last; null if there is none */
export async function readNonParametric(folder: string): Promise<NonParametricState | null> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const numbers = new Float64Array(new Uint8Array(await readFile(file)).buffer);
  const size = (numbers.length - 1) / 3;
  if (!Number.isInteger(size))
    throw new Error(`${FILE} has ${numbers.length} numbers, not 1 and 3 times as many`);
  const [coordinates, gains, moves] = [0, 1, 2].map(k => numbers.slice(1 + k * size, 1 + (k + 1) * size));
  return { iteration: numbers[0], coordinates, gains, moves };
}

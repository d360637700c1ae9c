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

/**
 * @param points N
 * @returns the state that was saved last
 * @throws an Error that states what is wrong, for the caller to wrap
 */
export async function readNonParametric(folder: string, points: number): Promise<NonParametricState> {
  const file = join(folder, FILE);
  const numbers = new Float64Array(new Uint8Array(await readFile(file)).buffer);
  const size = 2 * points;
  if (numbers.length !== 1 + 3 * size)
    throw new Error(`${FILE} has ${numbers.length} numbers, not ${1 + 3 * size}`);
  if (!numbers.every(Number.isFinite) || !Number.isInteger(numbers[0]) || numbers[0] < 0)
    throw new Error(`${FILE} has numbers that are not finite, or no iteration`);
  const [coordinates, gains, moves] = [0, 1, 2].map(k => numbers.slice(1 + k * size, 1 + (k + 1) * size));
  return { iteration: numbers[0], coordinates, gains, moves };
}

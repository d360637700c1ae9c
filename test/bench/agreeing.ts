import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contender } from './contender';

/** Rounding of sums of thousands of float32 products in different orders, relative to the largest number. */
const TOLERANCE = 1e-4;
/** Float32 pre-activations of size 1, sums of some hundred products: a gate this near to its threshold may fall on either side. */
const ROUNDING = 1e-6;

/**
 * The contenders that can run this model. Checks first that they give what ours, the first, gives at every instance. In a
 * batch, instances with a gate at its threshold are left out and counted.
 */
export async function agreeing(
  contenders: Contender[],
  folder: string,
  instances: number,
): Promise<Contender[]> {
  const [ours, ...others] = contenders;
  const reference = await ours.save(folder);
  const compared = await clearInstances(ours, folder, instances);
  const ready = [ours];
  for (const other of others) {
    try {
      const result = await other.save(folder);
      for (const part of ['w', 'b']) {
        const [expected, actual] = [reference, result].map(at => numbers(`${at}.${part}.bin`));
        const difference = largestDifference(expected, actual, compared);
        if (!(difference <= TOLERANCE)) {
          throw new Error(
            `${other.name} gives a different ${part}: the relative difference is ${difference}`,
          );
        }
      }
      ready.push(other);
    } catch (error) {
      console.log(`  left out: ${(error as Error).message}`);
    }
  }
  return ready;
}

/** Whether each instance is compared. */
async function clearInstances(ours: Contender, folder: string, instances: number): Promise<boolean[]> {
  if (instances === 1) return [true];
  await ours.thresholds();
  const clear = [...numbers(path.join(folder, 'thresholds.bin'))].map(nearest => nearest > ROUNDING);
  const at = clear.filter(is => !is).length;
  console.log(
    `  not compared: ${at} of ${instances} instances, with a gate within ${ROUNDING} of its threshold`,
  );
  return clear;
}

const numbers = (file: string) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);

/** max|a − b| / max|a| over the instances that are compared. */
function largestDifference(a: Float32Array, b: Float32Array, compared: readonly boolean[]): number {
  if (a.length !== b.length) return Infinity;
  const size = a.length / compared.length;
  let [scale, most] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    scale = Math.max(scale, Math.abs(a[i]));
    if (compared[Math.floor(i / size)]) most = Math.max(most, Math.abs(a[i] - b[i]));
  }
  return most / scale;
}

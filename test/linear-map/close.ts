import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs';

/** The difference of two float32 computations of the same numbers, relative to the largest; measured up to 2.7e-7. */
const TOLERANCE = 1e-5;

/** Asserts that two arrays of numbers agree to rounding. */
export function assertClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = TOLERANCE,
): void {
  assert.equal(actual.length, expected.length, `${what}: as many numbers`);
  let [error, scale] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    error = Math.max(error, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  assert.ok(error <= tolerance * scale, `${what}: off by ${error} at a scale of ${scale}`);
}

/** The numbers of a tensor, which is disposed. */
export async function taken(tensor: Tensor | Promise<Tensor>): Promise<Float32Array> {
  const t = await tensor;
  const values = (await t.data()) as Float32Array;
  t.dispose();
  return values;
}

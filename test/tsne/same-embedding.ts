import assert from 'node:assert/strict';
import type { Embedding } from '../../kernel-ext/src';
import { assertClose } from '../linear-map/close';

/**
 * A training that is repeated on one machine, relative to the largest number. Measured: 0 with one thread and with two. A
 * training whose sums are taken in another order is off by 6e-3 to 0.15 after 4 to 20 epochs of `smallEmbedding`.
 */
const REPEATED = 1e-5;

/** Asserts that two trainings went the same way: their points have the same coordinates. */
export async function assertSameEmbedding(actual: Embedding, expected: Embedding): Promise<void> {
  assertClose('coordinates', await actual.coordinates.data(), await expected.coordinates.data(), REPEATED);
}

/** Asserts that two trainings report the same epochs with the same losses and measures. */
export function assertSameHistory(actual: Embedding, expected: Embedding): void {
  const column = (of: Embedding, key: 'epoch' | 'loss' | 'trustworthiness') =>
    of.training.history.map(record => record[key]);
  assert.deepEqual(column(actual, 'epoch'), column(expected, 'epoch'));
  for (const key of ['loss', 'trustworthiness'] as const)
    assertClose(key, column(actual, key), column(expected, key), REPEATED);
}

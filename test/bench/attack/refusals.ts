import * as tf from '@tensorflow/tfjs';
import { PiecewiseError } from '../../../kernel-ext/src/public-errors';
import { type Row, Tally } from './row';

/** A refusal may raise the peak of the memory by this much; what is promised is thousands of times as much. */
const MOST_BYTES = 256 * 2 ** 20;
const MOST_MS = 20_000;

/** What is wrong with a file, and how it is read. */
export type Case = [name: string, read: () => Promise<unknown>];

/**
 * Each case must be refused with a PiecewiseError, in time, without memory, tensors or a changed prototype.
 * @param mayLeave tensors that may be left in all: those of a model that TensorFlow.js refuses when it is half built
 */
export async function refusals(attack: string, cases: Case[], mayLeave = 0): Promise<Row> {
  const tally = new Tally(attack);
  const { numTensors } = tf.memory();
  for (const [name, read] of cases) tally.count(await refusal(name, read));
  const left = tf.memory().numTensors - numTensors;
  if (left > mayLeave) tally.count(`${left} tensors are left`);
  return tally.row(
    `refused with typed errors${left > 0 ? `; TensorFlow.js left ${left} tensors of half-built models` : ''}`,
  );
}

async function refusal(name: string, read: () => Promise<unknown>): Promise<string | null> {
  const [since, peak] = [Date.now(), process.resourceUsage().maxRSS];
  const error: unknown = await read().then(
    () => 'was accepted',
    (e: unknown) => e,
  );
  if (!(error instanceof PiecewiseError)) return `${name}: ${String(error)}`;
  const grown = (process.resourceUsage().maxRSS - peak) * 1024;
  if (grown > MOST_BYTES) return `${name}: took ${(grown / 2 ** 20).toFixed(0)} MiB`;
  if (Date.now() - since > MOST_MS) return `${name}: took ${Date.now() - since} ms`;
  if ('polluted' in {}) return `${name}: changed Object.prototype`;
  return null;
}

import type { Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { Network } from './network';
import { partOf, type Work } from './work';
import { blocksOf } from '../plan/programs';

/** max|F(x) − (W·x + b)|, also relative to max|F(x)| and in units in the last place of max|F(x)| (float32). */
export interface Residual {
  absolute: number;
  relative: number;
  ulps: number;
}

/**
 * Share of Σ|terms| of an output above which a difference is no rounding. The largest seen on the networks of
 * test/linearize and test/linear-map is 2.2e-6.
 */
const ROUNDING = 1e-4;

/** Collects |F(x)_c − (W_c·x + b_c)| over outputs c and instances. Sums are taken in float64. */
export class ResidualSum {
  private absolute = 0;
  private largest = 0;
  /** The output that is off by most, as a share of its terms. */
  private worst = { share: 0, instance: 0, output: 0, error: 0 };

  /**
   * One output at one instance.
   * @param biases b, and b computed in another way; the one that is further off counts.
   */
  add(
    at: { instance: number; output: number },
    y: number,
    row: Float32Array,
    x: Float32Array,
    ...biases: readonly number[]
  ): void {
    let sum = 0;
    let terms = Math.max(...biases.map(Math.abs)) + Math.abs(y);
    for (let k = 0; k < x.length; k++) {
      const term = row[k] * x[k];
      sum += term;
      terms += Math.abs(term);
    }
    const error = Math.max(...biases.map(b => Math.abs(y - sum - b)));
    this.absolute = Math.max(this.absolute, error);
    this.largest = Math.max(this.largest, Math.abs(y));
    const share = error === 0 ? 0 : error / terms;
    if (!(share <= this.worst.share)) this.worst = { share, ...at, error };
  }

  /** Float32 has 24 binary digits: near v its values lie 2^(⌊log2 v⌋ − 23) apart. */
  get residual(): Residual {
    const { absolute, largest } = this;
    if (absolute === 0) return { absolute, relative: 0, ulps: 0 };
    const ulp = 2 ** (Math.floor(Math.log2(largest)) - 23);
    return { absolute, relative: absolute / largest, ulps: largest === 0 ? Infinity : absolute / ulp };
  }

  /** What is to be said if the map does not add up to what the model computes; null if it does. */
  get warning(): string | null {
    const { share, instance, output, error } = this.worst;
    if (share <= ROUNDING) return null;
    return (
      `Piecewise: W·x + b is not what the model computes. Output ${output} of input ${instance} is off by ` +
      `${error.toPrecision(3)}, ${share.toPrecision(2)} of the terms that it is the sum of, where float32 rounding stays ` +
      `below ${ROUNDING}. Do not trust this map. Does the model behave differently from call to call (dropout that is on, ` +
      `random numbers), or does x lie where float32 overflows? Otherwise please report it with the model's summary.`
    );
  }
}

/** Bytes of rows that the residual looks at once: small tiles stay in the processor's caches. */
const TILE = 16 * 2 ** 20;

/**
 * |F(x) − (W·x + b)| over all outputs and instances, with b as it is and as zero pushed forward. What is more than rounding
 * is said on the console.
 *
 * @param x, bias N·D and N·C numbers; they stay the caller's.
 * @param reference gives F(x) by the model itself.
 * @throws ModelChangedError, AbortError; no tensor is left behind then.
 */
export async function measureResidual(
  network: Network,
  { x, bias, reference }: { x: Tensor; bias: Tensor; reference: () => Tensor },
  work: Work,
): Promise<Residual> {
  const { instances, outputs, inputs, memory } = network;
  const pushed = await network.pushedBias();
  const numbers = async (t: Tensor) => (await t.data()) as Float32Array;
  const [at, b, zero, y] = await withReference(reference, pushed, others =>
    Promise.all([x, bias, ...others].map(numbers)),
  );
  const sum = new ResidualSum();
  const tile = Math.max(1, Math.floor(Math.min(memory, TILE) / (4 * instances * inputs)));
  for (const [begin, length] of blocksOf(outputs, tile)) {
    const indices = Array.from({ length }, (_, i) => begin + i);
    const rows = await network.rows(indices, partOf(work, begin / outputs, (begin + length) / outputs));
    const w = await numbers(rows);
    rows.dispose();
    for (let n = 0; n < instances; n++) {
      indices.forEach((output, r) => {
        const row = w.subarray((r * instances + n) * inputs, (r * instances + n + 1) * inputs);
        const c = n * outputs + output;
        sum.add({ instance: n, output }, y[c], row, at.subarray(n * inputs, (n + 1) * inputs), b[c], zero[c]);
      });
    }
  }
  if (sum.warning !== null) console.warn(sum.warning);
  return sum.residual;
}

/** Reads b and F(x), and disposes both. */
async function withReference<T>(
  reference: () => Tensor,
  pushed: Tensor,
  read: (tensors: Tensor[]) => Promise<T>,
): Promise<T> {
  const tensors = [pushed];
  try {
    tensors.push(reference());
    return await read(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

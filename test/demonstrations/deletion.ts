import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Linearizer } from '../../kernel-ext/src';

/** Share of the positive contributions that is deleted, largest first. */
const DELETED = 0.1;
/** The smallest step tried: 2^-13 of a deletion would change an output by about as much as rounding does. */
const HALVINGS = 12;

/** What happens to an output when the numbers that add most to it are deleted. */
export interface Deletion {
  /** Numbers that are set to 0. */
  count: number;
  /** The share of the path to 0 that certainly stays in the linear region of x: 1, 1/2, 1/4, …; 0 if less than 2^-12. */
  inside: number;
  /** |measured − predicted| change at that share, relative to the largest |F(x)|. */
  error: number;
  /** The predicted change at that share, relative to the largest |F(x)|. */
  step: number;
  /** Changes of the output when they are deleted entirely: predicted by W of x, by the network, and for as many others at random. */
  predicted: number;
  measured: number;
  control: number;
}

/**
 * Deletes the largest tenth of the positive contributions to output c of F(x).
 * @param network F by itself, without Piecewise: [N, …] → [N, C]
 * @param random numbers from 0 to 1, which choose the control: as many other numbers that are not 0
 */
export async function deletion(
  linearizer: Linearizer,
  network: (x: Tensor) => Tensor,
  x: Tensor,
  c: number,
  random: () => number,
): Promise<Deletion> {
  const lin = await linearizer.linearize(x, { executor: 'onnx' });
  const contribution = await lin.contribution(c);
  const [adds, values] = (await Promise.all([contribution.data(), x.data()])) as Float32Array[];
  contribution.dispose();
  const positive = [...adds.keys()].filter(i => adds[i] > 0).sort((i, j) => adds[j] - adds[i]);
  const chosen = positive.slice(0, Math.ceil(DELETED * positive.length));
  const predicted = -chosen.reduce((sum, i) => sum + adds[i], 0);
  const { hash } = await lin.region();
  lin.dispose();
  const faded = (which: readonly number[], share: number) => {
    const numbers = values.slice();
    for (const i of which) numbers[i] *= 1 - share;
    return tf.tensor(numbers, x.shape);
  };
  const inside = await largestInside(linearizer, hash, share => faded(chosen, share));
  const others = drawn(
    [...values.keys()].filter(i => values[i] !== 0 && !chosen.includes(i)),
    chosen.length,
    random,
  );
  const outputs = outputsOf(network, [x, faded(chosen, inside), faded(chosen, 1), faded(others, 1)]);
  const [before, near, whole, control] = outputs.map(output => output[c]);
  const scale = Math.max(...outputs[0].map(Math.abs));
  return {
    count: chosen.length,
    inside,
    error: Math.abs(near - before - inside * predicted) / scale,
    step: Math.abs(inside * predicted) / scale,
    predicted,
    measured: whole - before,
    control: control - before,
  };
}

/** Regions are convex: if both ends share a pattern, so does everything between them. */
async function largestInside(
  linearizer: Linearizer,
  hash: string,
  at: (share: number) => Tensor,
): Promise<number> {
  for (let halving = 0; halving <= HALVINGS; halving++) {
    const share = 2 ** -halving;
    const x = at(share);
    const lin = await linearizer.linearize(x, { executor: 'onnx' });
    const same = (await lin.region()).hash === hash;
    lin.dispose();
    x.dispose();
    if (same) return share;
  }
  return 0;
}

/** F of some inputs; the first one belongs to the caller. */
function outputsOf(network: (x: Tensor) => Tensor, inputs: Tensor[]): Float32Array[] {
  const outputs = tf.tidy(() => network(tf.stack(inputs)).arraySync() as number[][]);
  tf.dispose(inputs.slice(1));
  return outputs.map(row => Float32Array.from(row));
}

function drawn(from: number[], count: number, random: () => number): number[] {
  for (let i = 0; i < Math.min(count, from.length); i++) {
    const j = i + Math.floor(random() * (from.length - i));
    [from[i], from[j]] = [from[j], from[i]];
  }
  return from.slice(0, count);
}

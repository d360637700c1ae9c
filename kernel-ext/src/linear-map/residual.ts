import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { blocksOf } from '../plan/programs';
import { gaussian } from './gaussian';
import type { Network } from './network';
import { ResidualSum, type Residual } from './residual-sum';
import { partOf, type Work } from './work';

/** How the residual is measured. */
export interface ResidualOptions extends Work {
  /**
   * Compare every row of W, as `rows` computes it, with the model: time grows with C. Default: false, in the time of a few
   * passes, whatever C is.
   */
  every?: boolean;
}

/** What is compared, as numbers: x [N·D]; b, b as zero pushed forward, and F(x) by the model itself, [N·C] each. */
interface Compared {
  x: Float32Array;
  bias: Float32Array;
  pushedBias: Float32Array;
  y: Float32Array;
}

/**
 * How far W·x + b is from F(x), with b as it is and as zero pushed forward. Anything more than rounding is logged.
 *
 * W·x of all outputs is one push of x through the frozen network. That the transposes, which give the rows of W, are those of
 * what is pushed follows from ⟨u, W·v⟩ = ⟨Wᵀu, v⟩ at x and at a random v, for a few random u (Freivalds): if any entry of
 * either W is wrong, the two sides differ for almost all normal u and v. So it proves, up to float32 rounding, that rows
 * pulled back and products pushed forward belong to one W, and that this W and b give F at x. It does not prove that W is the
 * slope of F beyond x, and it does not look at rows that are computed by another row strategy than pulling back; `every` does.
 *
 * @param x, bias N·D and N·C numbers; they stay the caller's.
 * @param reference gives F(x) by the model itself.
 * @returns with it W·x, [N·C]; null if every row was compared.
 * @throws ModelChangedError, AbortError; no tensor is left behind then.
 */
export async function measureResidual(
  network: Network,
  { x, bias, reference }: { x: Tensor; bias: Tensor; reference: () => Promise<Tensor> },
  { every = false, ...work }: ResidualOptions,
): Promise<{ residual: Residual; product: Float32Array | null }> {
  const compared = await numbersOf(x, bias, await network.pushedBias(), reference);
  const sum = new ResidualSum();
  const product = every
    ? await addRows(network, compared, sum, work)
    : await addProducts(network, compared, sum, work);
  if (sum.warning !== null) console.warn(sum.warning);
  return { residual: sum.residual, product };
}

/** Takes ownership of the pushed b. */
async function numbersOf(
  x: Tensor,
  bias: Tensor,
  pushed: Tensor,
  reference: () => Promise<Tensor>,
): Promise<Compared> {
  const own = [pushed];
  try {
    own.push(await reference());
    const read = [x, bias, ...own].map(t => t.data<'float32'>());
    const [at, b, pushedBias, y] = await Promise.all(read);
    return { x: at, bias: b, pushedBias, y };
  } finally {
    tf.dispose(own);
  }
}

/** Number of random u for which the transposes are compared: the chance that all of them are near 0 at a wrong output is 1e-6. */
const CHECKS = 3;

/** @returns W·x, [N·C] */
async function addProducts(
  network: Network,
  { x, bias, pushedBias, y }: Compared,
  sum: ResidualSum,
  work: Work,
): Promise<Float32Array> {
  const { instances, outputs, inputs } = network;
  const vs = [x, await likeInputs(x, inputs)];
  const us = partsOf(await gaussian(CHECKS, instances * outputs, 2), CHECKS);
  const products = await mapped(vs, v => network.pushForward(v, partOf(work, 0, 0.4)));
  const rows = await mapped(us, u => network.pullBack(u, partOf(work, 0.4, 1)));
  for (let n = 0; n < instances; n++) {
    const ofInputs = (all: Float32Array) => all.subarray(n * inputs, (n + 1) * inputs);
    const ofOutputs = (all: Float32Array) => all.subarray(n * outputs, (n + 1) * outputs);
    for (const [i, v] of vs.entries())
      for (const [j, u] of us.entries())
        sum.addTransposes(n, i === 0, {
          u: ofOutputs(u),
          product: ofOutputs(products[i]),
          row: ofInputs(rows[j]),
          v: ofInputs(v),
          y: ofOutputs(y),
        });
    const terms = termsPerOutput(rows.map(ofInputs), ofInputs(x), outputs);
    const [product] = products.map(ofOutputs);
    product.forEach((wx, output) => {
      const c = n * outputs + output;
      sum.addOutput(
        { instance: n, output },
        { y: y[c], product: wx, terms, biases: [bias[c], pushedBias[c]] },
      );
    });
  }
  return products[0];
}

/** Random numbers, for each instance as large as those of x in the root mean square; of size 1 where x is 0. */
async function likeInputs(x: Float32Array, inputs: number): Promise<Float32Array> {
  const v = await gaussian(1, x.length, 1);
  for (let begin = 0; begin < x.length; begin += inputs) {
    const squares = x.subarray(begin, begin + inputs).reduce((sum, value) => sum + value * value, 0);
    const size = squares === 0 ? 1 : Math.sqrt(squares / inputs);
    for (let k = begin; k < begin + inputs; k++) v[k] *= size;
  }
  return v;
}

/** Σ_k |W_ck·x_k| of an output c, in the root mean square over outputs, estimated from u·W for random u. */
function termsPerOutput(rows: readonly Float32Array[], x: Float32Array, outputs: number): number {
  const squares = rows.map(row => row.reduce((sum, w, k) => sum + Math.abs(w * x[k]), 0) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / (rows.length * outputs));
}

/** Sends vectors through W as one stack. */
async function mapped(
  vectors: readonly Float32Array[],
  map: (stack: Tensor) => Promise<Tensor>,
): Promise<Float32Array[]> {
  const [{ length }] = vectors;
  const values = new Float32Array(vectors.length * length);
  vectors.forEach((vector, i) => values.set(vector, i * length));
  const stack = tf.tensor2d(values, [vectors.length, length]);
  try {
    const result = await map(stack);
    const numbers = await result.data<'float32'>();
    result.dispose();
    return partsOf(numbers, vectors.length);
  } finally {
    stack.dispose();
  }
}

function partsOf(numbers: Float32Array, count: number): Float32Array[] {
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, i) => numbers.subarray(i * size, (i + 1) * size));
}

/** Bytes of rows that are compared at once: small tiles stay in the processor's caches. */
const TILE = 16 * 2 ** 20;

async function addRows(
  network: Network,
  { x, bias, pushedBias, y }: Compared,
  sum: ResidualSum,
  work: Work,
): Promise<null> {
  const { instances, outputs, inputs, memory } = network;
  const tile = Math.max(1, Math.floor(Math.min(memory, TILE) / (4 * instances * inputs)));
  for (const [begin, length] of blocksOf(outputs, tile)) {
    const indices = Array.from({ length }, (_, i) => begin + i);
    const rows = await network.rows(indices, partOf(work, begin / outputs, (begin + length) / outputs));
    const w = await rows.data<'float32'>();
    rows.dispose();
    for (let n = 0; n < instances; n++) {
      indices.forEach((output, r) => {
        const row = w.subarray((r * instances + n) * inputs, (r * instances + n + 1) * inputs);
        const c = n * outputs + output;
        const own = x.subarray(n * inputs, (n + 1) * inputs);
        const product = row.reduce((total, v, k) => total + v * own[k], 0);
        const terms = row.reduce((total, v, k) => total + Math.abs(v * own[k]), 0);
        sum.addOutput({ instance: n, output }, { y: y[c], product, terms, biases: [bias[c], pushedBias[c]] });
      });
    }
  }
  return null;
}

import * as tf from '@tensorflow/tfjs';
import type { FrozenNetwork } from '../linear-map/frozen-network';
import { stepDone, tileDone, type Work } from '../linear-map/work';
import { sizeOf, type Graph } from '../plan/graph';
import type { Margins } from '../plan/margins';
import type { Plan } from '../plan/plan';
import { blocksOf, stackLimit } from '../plan/programs';
import { pushedForward } from '../plan/push-forward';
import { costOfAll } from '../plan/row-strategies';
import { stacked } from '../plan/step';
import { unitVectors } from '../linear-map/operator';

/** Norms of a row that distances are measured by: that of the dual of l2 is l2, that of linf is l1. */
export type RowNorm = 'l2' | 'l1';

/** A pass over a stack of inputs: what to feed, and for each margin the sums over the stack; null for zero. */
interface SumProgram {
  from: number;
  sums: readonly (number | null)[];
}

/**
 * The norms of the rows of all margins: each input is pushed forward as a unit vector, all margins at once, so that only
 * the sums of the rows are kept.
 *
 * @returns one array per margin, in the order of the margin's entries.
 * @throws AbortError
 */
export async function rowNorms(
  network: FrozenNetwork,
  x: tf.Tensor,
  margins: Margins,
  norm: RowNorm,
  work: Work,
): Promise<Float64Array[]> {
  const inputs = sizeOf(network.plan.input.shape);
  const vectors = (begin: number, length: number) =>
    unitVectors(
      Array.from({ length }, (_, i) => begin + i),
      inputs,
      1,
    );
  const sums = await summed(network, x, margins, { norm, count: inputs, vectors }, work);
  if (norm === 'l2') for (const sum of sums) for (let i = 0; i < sum.length; i++) sum[i] = Math.sqrt(sum[i]);
  return sums;
}

/** Random vectors of ±1, of whose images the mean square estimates the square of a row's l2 norm. */
const SKETCHES = 16;

/** Estimates of the l2 norms of all margins' rows, in a few passes; the same in every run. @throws AbortError */
export async function estimatedNorms(
  network: FrozenNetwork,
  x: tf.Tensor,
  margins: Margins,
  work: Work,
): Promise<Float64Array[]> {
  const inputs = sizeOf(network.plan.input.shape);
  let state = 1;
  const sign = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) < 0 ? -1 : 1);
  const vectors = (_begin: number, length: number) => Float32Array.from({ length: length * inputs }, sign);
  const sums = await summed(network, x, margins, { norm: 'l2', count: SKETCHES, vectors }, work);
  for (const sum of sums) for (let i = 0; i < sum.length; i++) sum[i] = Math.sqrt(sum[i] / SKETCHES);
  return sums;
}

/** Sums of squares, or of magnitudes, of what some vectors become at the margins. */
async function summed(
  network: FrozenNetwork,
  x: tf.Tensor,
  margins: Margins,
  {
    norm,
    count,
    vectors,
  }: { norm: RowNorm; count: number; vectors: (begin: number, length: number) => Float32Array },
  work: Work,
): Promise<Float64Array[]> {
  const { plan, memory } = network;
  const totals = margins.margins.map(({ value }) => new Float64Array(sizeOf(value.shape)));
  for (const [begin, length] of blocksOf(count, blockSize(plan, margins, memory))) {
    const { from, sums } = sumProgram(plan, margins, norm, length);
    const value = tf.tensor(vectors(begin, length), [...plan.graph.shape(from)]);
    try {
      const moved = [...sums.keys()].filter(margin => sums[margin] !== null);
      const nodes = moved.map(margin => sums[margin]!);
      const results = await network.evaluate(x, nodes, { node: from, value });
      await addTo(
        moved.map(margin => totals[margin]),
        results,
      );
    } finally {
      value.dispose();
    }
    await tileDone(work, (begin + length) / count);
  }
  return totals;
}

/** Takes ownership of what is added. Networks have millions of units, so there is a moment to stop after each margin. */
async function addTo(totals: readonly Float64Array[], added: readonly tf.Tensor[]): Promise<void> {
  try {
    for (const [i, total] of totals.entries()) {
      const numbers = await added[i].data();
      for (let k = 0; k < total.length; k++) total[k] += numbers[k];
      await stepDone();
    }
  } finally {
    tf.dispose([...added]);
  }
}

/** Larger stacks gain nothing: at 128, an MNIST CNN takes half the time that it takes at 16; at 512, no less than at 128. */
const LARGEST_BLOCK = 128;
/** Multiplications in one block: about a second, after which the work can be stopped. */
const LONGEST_BLOCK = 2 ** 32;

function blockSize(plan: Plan, { margins }: Margins, memory: number): number {
  const kept = margins.reduce((sum, { value }) => sum + 2 * 4 * sizeOf(value.shape), 0);
  const fitting = Math.max(1, Math.floor(memory / kept));
  const brief = Math.max(1, Math.floor(LONGEST_BLOCK / costOfAll(plan)));
  return Math.min(LARGEST_BLOCK, stackLimit(plan, memory), fitting, brief);
}

function sumProgram(plan: Plan, { margins, steps }: Margins, norm: RowNorm, stack: number): SumProgram {
  const { graph, input } = plan;
  const from = graph.input(`v${stack}`, stacked(input.shape, stack));
  const at = pushedForward({ graph, input, steps }, from, { shifts: 'none' }, stack);
  const sums = margins.map(({ value }) => {
    const node = at.get(value.id) ?? null;
    if (node === null) return null;
    const size = sizeOf(value.shape);
    return graph.reduceSum(graph.reshape(magnitude(graph, node, norm), [stack, size]), [0]);
  });
  return { from, sums };
}

/** v² or |v| */
function magnitude(graph: Graph, node: number, norm: RowNorm): number {
  if (norm === 'l2') return graph.elementwise('multiply', node, node);
  return graph.elementwise('maximum', node, graph.elementwise('multiply', node, graph.number(-1)));
}

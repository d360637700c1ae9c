import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import type { Plan } from '../plan/plan';
import { type Program, pulledBiasProgram, pulledRowsAndBiasProgram, shiftsByLayer } from '../plan/programs';
import { pushForward } from '../plan/push-forward';
import { cheapestStrategy, isInstanceMajor } from '../plan/row-strategies';
import type { BiasByLayer, RowsAndBias } from './network';
import { unitVectors } from './operator';
import { partOf, type Work } from './work';

/** A frozen network that computes stacks of vectors in blocks that respect its memory budget. */
interface InBlocks {
  readonly plan: Plan;
  readonly instances: number;
  readonly outputs: number;
  rows(indices: readonly number[], work: Work): Promise<Tensor>;
  pullBack(u: Tensor, work: Work): Promise<Tensor>;
  /** Runs a stack through a program written for the stack's height. */
  inBlocks(vectors: Tensor, program: (stack: number) => Program, work: Work): Promise<Tensor>;
  /** [count, width], block by block. */
  joined(
    count: number,
    width: number,
    work: Work,
    block: (begin: number, length: number) => { node: number | null },
  ): Promise<Tensor>;
}

/** See `Network.biasByLayer`. */
export async function biasByLayer(
  network: InBlocks,
  indices: readonly number[],
  work: Work,
): Promise<BiasByLayer> {
  const { plan, instances } = network;
  const layers = [...shiftsByLayer(plan).keys()];
  if (!pulls(plan, indices)) return { layers, bias: await pushed(network, indices, work) };
  const parts = await pulled(network, indices, stack => pulledBiasProgram(plan, stack), work);
  return { layers, bias: layersFirst(parts, instances) };
}

/** See `Network.rowsAndBias`: in one pull where both are pulled back. */
export async function rowsAndBias(
  network: InBlocks,
  indices: readonly number[],
  work: Work,
): Promise<RowsAndBias> {
  const { plan } = network;
  const isReverse = cheapestStrategy(plan, indices.length, plan.instances).mode === 'reverse';
  if (!isReverse || !pulls(plan, indices)) {
    const rows = await network.rows(indices, partOf(work, 0, 0.5));
    try {
      return { rows, ...(await biasByLayer(network, indices, partOf(work, 0.5, 1))) };
    } catch (error) {
      rows.dispose();
      throw error;
    }
  }
  const both = await pulled(network, indices, stack => pulledRowsAndBiasProgram(plan, stack), work);
  return apart(plan, both);
}

/** See `Network.weighted`. */
export async function weightedRowAndBias(network: InBlocks, u: Tensor, work: Work): Promise<RowsAndBias> {
  const { plan, instances, outputs } = network;
  if (isInstanceMajorThroughout(plan))
    return apart(plan, await network.inBlocks(u, stack => pulledRowsAndBiasProgram(plan, stack), work));
  const layers = [...shiftsByLayer(plan).keys()];
  const rows = await network.pullBack(u, work);
  const all = await pushed(network, [...Array(outputs).keys()], work);
  const bias = tf.tidy(() =>
    all
      .reshape([layers.length, instances, outputs])
      .mul(u.reshape([1, instances, outputs]))
      .sum(2),
  );
  all.dispose();
  return { rows, layers, bias };
}

/** Rows, and b by layer, of what `pulledRowsAndBiasProgram` gives. Takes ownership. */
function apart(plan: Plan, both: Tensor): RowsAndBias {
  const width = sizeOf(plan.input.shape);
  const rows = both.slice([0, 0], [both.shape[0], width]);
  const bias = both.slice([0, width]);
  both.dispose();
  return { rows, layers: [...shiftsByLayer(plan).keys()], bias: layersFirst(bias, plan.instances) };
}

/**
 * Whether pulling outputs back takes fewer passes than pushing layers forward, and each activation that is shifted holds the
 * numbers of one instance after those of another.
 */
function pulls(plan: Plan, indices: readonly number[]): boolean {
  return indices.length <= shiftsByLayer(plan).size && isInstanceMajorThroughout(plan);
}

function isInstanceMajorThroughout({ steps, instances }: Plan): boolean {
  return steps.every(step => step.kind !== 'shift' || isInstanceMajor(step.output, steps, instances));
}

async function pulled(
  network: InBlocks,
  indices: readonly number[],
  program: (stack: number) => Program,
  work: Work,
): Promise<Tensor> {
  const { instances, outputs } = network;
  const u = tf.tensor2d(unitVectors(indices, outputs, instances), [indices.length, instances * outputs]);
  try {
    return await network.inBlocks(u, program, work);
  } finally {
    u.dispose();
  }
}

/** [R, P·N] → [P, N·R]. Takes ownership. */
function layersFirst(parts: Tensor, instances: number): Tensor {
  const [count, width] = parts.shape as [number, number];
  const result = tf.tidy(() =>
    parts
      .reshape([count, width / instances, instances])
      .transpose([1, 2, 0])
      .reshape([width / instances, instances * count]),
  );
  parts.dispose();
  return result;
}

/** Zero pushed forward once per layer, with only the shifts of that layer: [P, N·R]. */
async function pushed(network: InBlocks, indices: readonly number[], work: Work): Promise<Tensor> {
  const { plan, instances, outputs } = network;
  const groups = [...shiftsByLayer(plan).values()];
  const all = await network.joined(groups.length, instances * outputs, work, (begin, length) => {
    return { node: pushForward(plan, null, { groups: groups.slice(begin, begin + length) }, length) };
  });
  if (indices.length === outputs && indices.every((index, i) => index === i)) return all;
  const chosen = tf.tidy(() =>
    tf
      .gather(all.reshape([groups.length, instances, outputs]), tf.tensor1d([...indices], 'int32'), 2)
      .reshape([groups.length, instances * indices.length]),
  );
  all.dispose();
  return chosen;
}

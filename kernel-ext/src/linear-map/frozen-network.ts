import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import type { Plan } from '../plan/plan';
import {
  blocksOf,
  productsProgram,
  rowsProgram,
  shiftsByLayer,
  stackLimit,
  type Program,
} from '../plan/programs';
import { pushForward } from '../plan/push-forward';

/** Stacks work on this many bytes at most unless the caller says otherwise. */
export const DEFAULT_MEMORY = 256 * 2 ** 20;

/**
 * The frozen network at one x. Tensors given to and by its methods belong to the caller; what it needs of x and of the
 * weights, as they were when it was made, lives until `dispose()`.
 */
export abstract class FrozenNetwork {
  /** F(x) and b, [N·C]; they live until `dispose()`. */
  abstract readonly output: Tensor;
  abstract readonly bias: Tensor;
  isDisposed = false;

  /** @param memory budget of its work in bytes. */
  constructor(
    readonly plan: Plan,
    readonly memory: number,
  ) {}

  /** Rows of W for all instances at once, [R, N·D]: unit vectors over the outputs pulled back. */
  async rows(indices: readonly number[]): Promise<Tensor> {
    const { instances, outputs } = this.plan;
    const unit = tf.tidy(() => unitVectors(indices, outputs).tile([1, instances]));
    const rows = await this.pullBack(unit);
    unit.dispose();
    return rows;
  }

  /** Rows of W that lie in this process's memory already, [N, R, D], to be read only; null if they have to be computed. */
  known(_indices: readonly number[]): Float32Array | null {
    return null;
  }

  /** u·W for each u of a stack: [L, N·C] → [L, N·D]. */
  pullBack(u: Tensor): Promise<Tensor> {
    return this.inBlocks(u, stack => rowsProgram(this.plan, stack));
  }

  /** W·v for each v of a stack: [L, N·D] → [L, N·C]. */
  pushForward(v: Tensor): Promise<Tensor> {
    return this.inBlocks(v, stack => productsProgram(this.plan, stack));
  }

  /**
   * The parts of b by layer: zero pushed forward once a layer, with the shifts of that layer alone.
   * @returns the layers that shift anything, in order, and [P, N·C].
   */
  async biasByLayer(): Promise<{ layers: string[]; bias: Tensor }> {
    const shifts = shiftsByLayer(this.plan);
    const groups = [...shifts.values()];
    const width = sizeOf(this.plan.output.shape);
    const bias = await this.joined(groups.length, width, (begin, length) => {
      return { node: pushForward(this.plan, null, { groups: groups.slice(begin, begin + length) }, length) };
    });
    return { layers: [...shifts.keys()], bias };
  }

  /** Nodes that follow from the input alone, at another input. The caller disposes the results. */
  abstract evaluate(x: Tensor, nodes: readonly number[]): Promise<Tensor[]>;

  /** Frees what it holds. */
  dispose(): void {
    this.isDisposed = true;
    tf.dispose([this.output, this.bias]);
  }

  /** Computes one node of the plan's graph, given what is fed besides x. */
  protected abstract compute(node: number, fed?: { node: number; value: Tensor }): Promise<Tensor>;

  /** Runs a stack through a program written for the stack's height. */
  private inBlocks(vectors: Tensor, program: (stack: number) => Program): Promise<Tensor> {
    const [count, width] = vectors.shape as [number, number];
    return this.joined(count, program(1).width, (begin, length) => {
      const { from, to } = program(length);
      const value = tf.tidy(() =>
        vectors.slice([begin, 0], [length, width]).reshape([...this.plan.graph.shape(from)]),
      );
      return { node: to, fed: { node: from, value } };
    });
  }

  /** [count, width], computed in blocks that respect the memory budget. Disposes what was fed. */
  private async joined(
    count: number,
    width: number,
    block: (begin: number, length: number) => { node: number | null; fed?: { node: number; value: Tensor } },
  ): Promise<Tensor> {
    const parts: Tensor[] = [];
    try {
      for (const [begin, length] of blocksOf(count, stackLimit(this.plan, this.memory))) {
        const { node, fed } = block(begin, length);
        const result = node === null ? tf.zeros([length, width]) : await this.compute(node, fed);
        parts.push(result.reshape([length, width]));
        tf.dispose([result, fed?.value ?? []]);
      }
      return parts.length === 0 ? tf.zeros([0, width]) : tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }
}

/** [R, C]: row r is 1 at indices[r], else 0. */
function unitVectors(indices: readonly number[], outputs: number): Tensor {
  const values = new Float32Array(indices.length * outputs);
  indices.forEach((index, row) => (values[row * outputs + index] = 1));
  return tf.tensor2d(values, [indices.length, outputs]);
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { pullBack } from '../plan/pull-back';
import { pushForward, type Shifts } from '../plan/push-forward';
import { stacked } from '../plan/step';
import { constantTensor, run } from '../run/tfjs';

/** Stacks work on this many bytes at most unless the caller says otherwise. */
export const DEFAULT_MEMORY = 256 * 2 ** 20;

/** An activation, its multiple with a gate, and room for what a kernel needs meanwhile. */
const COPIES_IN_FLIGHT = 4;

/**
 * The frozen network at one x: the plan with its gates as tensors. Tensors given to and by its methods belong to the
 * caller; the gates and the weights as they were at x live until `dispose()`.
 */
export class FrozenNetwork {
  /** F(x), flat over instances and outputs, and b in the same shape. */
  readonly output: Tensor;
  readonly bias: Tensor;
  isDisposed = false;
  private readonly fixed = new Map<number, Tensor>();

  /** Runs the plan at x: one forward pass, which all rows of W share. */
  constructor(
    readonly plan: Plan,
    x: Tensor,
    readonly memory: number,
  ) {
    const { graph, instances, outputs } = plan;
    try {
      graph.nodes.forEach((node, id) => {
        if (node.op === 'constant') this.fixed.set(id, constantTensor(graph.constants[node.attrs.index!]));
      });
      const wanted = [plan.y, ...plan.gates, ...(plan.bias === null ? [] : [plan.bias])];
      const results = run(graph, new Map([...this.fixed, [plan.x, x]]), wanted);
      plan.gates.forEach((gate, i) => this.fixed.set(gate, results[i + 1]));
      const shape = [instances * outputs];
      const bias = plan.bias === null ? tf.zeros(shape) : results.at(-1)!;
      this.output = results[0].reshape(shape);
      this.bias = bias.reshape(shape);
      results[0].dispose();
      bias.dispose();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /**
   * Rows of W, u·W for each u of a stack.
   * @param u [L, N·C]
   * @returns [L, N·D]
   */
  pullBack(u: Tensor): Tensor {
    const { graph, input, output } = this.plan;
    return this.inBlocks(u, stack => {
      const from = graph.input(`u${stack}`, stacked(output.shape, stack));
      return { from, to: pullBack(this.plan, from, stack), width: size(input.shape) };
    });
  }

  /**
   * W·v for each v of a stack.
   * @param v [L, N·D]
   * @returns [L, N·C]
   */
  pushForward(v: Tensor): Tensor {
    const { graph, input, output } = this.plan;
    return this.inBlocks(v, stack => {
      const from = graph.input(`v${stack}`, stacked(input.shape, stack));
      return { from, to: pushForward(this.plan, from, { shifts: 'none' }, stack), width: size(output.shape) };
    });
  }

  /**
   * The parts of b by layer: zero pushed forward with the shifts of that layer alone.
   * @returns the layers that shift anything, in order, and [P, N·C], which the caller disposes.
   */
  biasByLayer(): { layers: string[]; bias: Tensor } {
    const { graph, steps, output } = this.plan;
    const shifts = steps.filter(step => step.kind === 'shift');
    const layers = [...new Set(shifts.map(step => step.layer))];
    const groups = layers.map(layer => shifts.filter(step => step.layer === layer));
    const width = size(output.shape);
    const bias = tf.tidy(() => {
      const parts = blocksOf(groups.length, this.stackLimit()).map(([from, length]) => {
        const some: Shifts = { groups: groups.slice(from, from + length) };
        const node = pushForward(this.plan, null, some, length);
        return node === null
          ? tf.zeros([length, width])
          : run(graph, this.fixed, [node])[0].reshape([length, width]);
      });
      return parts.length === 0 ? tf.zeros([0, width]) : tf.concat(parts, 0);
    });
    return { layers, bias };
  }

  dispose(): void {
    this.isDisposed = true;
    for (const tensor of this.fixed.values()) tensor.dispose();
    this.fixed.clear();
    this.output?.dispose();
    this.bias?.dispose();
  }

  /** Runs a stack through a program written for the stack's height, in blocks that respect the memory budget. */
  private inBlocks(vectors: Tensor, program: (stack: number) => Program): Tensor {
    return tf.tidy(() => {
      const [count, width] = vectors.shape;
      const blocks = blocksOf(count, this.stackLimit()).map(([begin, length]) => {
        const { from, to, width: wide } = program(length);
        if (to === null) return tf.zeros([length, wide]);
        const fed = vectors.slice([begin, 0], [length, width!]).reshape([...this.plan.graph.shape(from)]);
        return run(this.plan.graph, new Map([...this.fixed, [from, fed]]), [to])[0].reshape([length, wide]);
      });
      return blocks.length === 1 ? blocks[0] : tf.concat(blocks, 0);
    });
  }

  /** How many vectors a stack may hold at once. */
  private stackLimit(): number {
    const largest = Math.max(
      ...this.plan.steps.map(step => size(step.output.shape)),
      size(this.plan.input.shape),
    );
    return Math.max(1, Math.floor(this.memory / (4 * COPIES_IN_FLIGHT * largest)));
  }
}

interface Program {
  from: number;
  to: number | null;
  width: number;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** [begin, length] of blocks of at most `limit` that cover 0 … count. */
function blocksOf(count: number, limit: number): [number, number][] {
  const blocks: [number, number][] = [];
  for (let begin = 0; begin < count; begin += limit) blocks.push([begin, Math.min(limit, count - begin)]);
  return blocks;
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { constantTensor, run } from '../run/tfjs';
import { FrozenNetwork, type Fed } from './frozen-network';

/** The frozen network on TensorFlow.js: one forward pass at x leaves the gates, which all rows of W share. */
export class TfjsNetwork extends FrozenNetwork {
  readonly output: Tensor;
  readonly bias: Tensor;
  readonly activation: Tensor | null;
  /** Gates and weights by node. */
  private readonly fixed = new Map<number, Tensor>();

  /** @param x in the plan's input shape; it stays the caller's. */
  constructor(plan: Plan, x: Tensor, memory: number) {
    super(plan, memory);
    const { graph, instances, outputs } = plan;
    try {
      graph.nodes.forEach((node, id) => {
        if (node.op === 'constant') this.fixed.set(id, constantTensor(graph.constants[node.attrs.index!]));
      });
      const starts = plan.input.node === plan.x ? [] : [plan.input.node];
      const biases = plan.bias === null ? [] : [plan.bias];
      const wanted = [plan.y, ...starts, ...biases, ...plan.gates];
      const [y, ...results] = run(graph, new Map([...this.fixed, [plan.x, x]]), wanted);
      const shape = [instances * outputs];
      this.activation = starts.length === 0 ? null : results.shift()!;
      const bias = biases.length === 0 ? tf.zeros(shape) : results.shift()!;
      plan.gates.forEach((gate, i) => this.fixed.set(gate, results[i]));
      this.output = y.reshape(shape);
      this.bias = bias.reshape(shape);
      tf.dispose([y, bias]);
    } catch (error) {
      tf.dispose([...this.fixed.values()]);
      throw error;
    }
  }

  override async pushedBias(): Promise<Tensor> {
    return this.bias.clone();
  }

  async evaluate(x: Tensor, nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    const { graph, x: input } = this.plan;
    const constants = [...this.fixed].filter(([id]) => graph.nodes[id].op === 'constant');
    const feeds = fed === undefined ? [] : [[fed.node, fed.value] as const];
    return run(graph, new Map([...constants, [input, x], ...feeds]), nodes);
  }

  override dispose(): void {
    super.dispose();
    tf.dispose([...this.fixed.values()]);
    this.fixed.clear();
  }

  protected async compute(nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    const feeds = fed === undefined ? this.fixed : new Map([...this.fixed, [fed.node, fed.value]]);
    return run(this.plan.graph, feeds, nodes);
  }
}

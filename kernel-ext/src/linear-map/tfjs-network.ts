import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { constantTensor, run } from '../run/tfjs';
import { FrozenNetwork, type Fed } from './frozen-network';
import { stepDone } from './work';

/** What TensorFlow.js computes at x in one forward pass. */
interface Results {
  output: Tensor;
  bias: Tensor;
  activation: Tensor | null;
  /** Gates and weights by node. */
  fixed: Map<number, Tensor>;
}

/** The frozen network on TensorFlow.js: one forward pass at x leaves the gates, which all rows of W share. */
export class TfjsNetwork extends FrozenNetwork {
  readonly output: Tensor;
  readonly bias: Tensor;
  readonly activation: Tensor | null;
  private readonly fixed: Map<number, Tensor>;

  private constructor(plan: Plan, memory: number, { output, bias, activation, fixed }: Results) {
    super(plan, memory);
    this.output = output;
    this.bias = bias;
    this.activation = activation;
    this.fixed = fixed;
  }

  /** @param x in the plan's input shape; it stays the caller's. @throws AbortError */
  static async at(plan: Plan, x: Tensor, memory: number): Promise<TfjsNetwork> {
    const { graph, instances, outputs } = plan;
    const fixed = new Map<number, Tensor>();
    try {
      graph.nodes.forEach((node, id) => {
        if (node.op === 'constant') fixed.set(id, constantTensor(graph.constants[node.attrs.index!]));
      });
      const starts = plan.input.node === plan.x ? [] : [plan.input.node];
      const biases = plan.bias === null ? [] : [plan.bias];
      const wanted = [plan.y, ...starts, ...biases, ...plan.gates];
      const [y, ...results] = await run(graph, new Map([...fixed, [plan.x, x]]), wanted, stepDone);
      const shape = [instances * outputs];
      const activation = starts.length === 0 ? null : results.shift()!;
      const bias = biases.length === 0 ? tf.zeros(shape) : results.shift()!;
      plan.gates.forEach((gate, i) => fixed.set(gate, results[i]));
      const made = { output: y.reshape(shape), bias: bias.reshape(shape), activation, fixed };
      tf.dispose([y, bias]);
      return new TfjsNetwork(plan, memory, made);
    } catch (error) {
      tf.dispose([...fixed.values()]);
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
    return run(graph, new Map([...constants, [input, x], ...feeds]), nodes, stepDone);
  }

  override dispose(): void {
    super.dispose();
    tf.dispose([...this.fixed.values()]);
    this.fixed.clear();
  }

  protected async compute(nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    const feeds = fed === undefined ? this.fixed : new Map([...this.fixed, [fed.node, fed.value]]);
    return run(this.plan.graph, feeds, nodes, stepDone);
  }
}

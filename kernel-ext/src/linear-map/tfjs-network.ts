import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { asIs, type Permuted } from '../run/permuted';
import { constantTensor, ordered, run, runPermuted } from '../run/tfjs';
import { FrozenNetwork, type Fed } from './frozen-network';
import { stepDone } from './work';

/** What TensorFlow.js computes at x in one forward pass. */
interface Results {
  output: Tensor;
  bias: Tensor;
  activation: Tensor | null;
  /** Gates and weights by node. */
  fixed: Map<number, Permuted>;
}

/** The frozen network on TensorFlow.js: one forward pass at x leaves the gates, which all rows of W share. */
export class TfjsNetwork extends FrozenNetwork {
  readonly output: Tensor;
  readonly bias: Tensor;
  readonly activation: Tensor | null;
  private readonly fixed: Map<number, Permuted>;

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
    const fixed = new Map<number, Permuted>();
    try {
      graph.nodes.forEach((node, id) => {
        if (node.op === 'constant') fixed.set(id, asIs(constantTensor(graph.constants[node.attrs.index!])));
      });
      const starts = plan.input.node === plan.x ? [] : [plan.input.node];
      const biases = plan.bias === null ? [] : [plan.bias];
      const wanted = [plan.y, ...starts, ...biases, ...plan.gates];
      const results = await runPermuted(graph, new Map([...fixed, [plan.x, asIs(x)]]), wanted, stepDone);
      const shape = [instances * outputs];
      const y = ordered(results.shift()!);
      const activation = starts.length === 0 ? null : ordered(results.shift()!);
      const bias = biases.length === 0 ? tf.zeros(shape) : ordered(results.shift()!);
      plan.gates.forEach((gate, i) => fixed.set(gate, results[i]));
      const made = { output: y.reshape(shape), bias: bias.reshape(shape), activation, fixed };
      tf.dispose([y, bias]);
      return new TfjsNetwork(plan, memory, made);
    } catch (error) {
      disposeAll(fixed);
      throw error;
    }
  }

  override async pushedBias(): Promise<Tensor> {
    return this.bias.clone();
  }

  async evaluate(x: Tensor, nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    const { graph, x: input } = this.plan;
    const constants = [...this.fixed].filter(([id]) => graph.nodes[id].op === 'constant');
    const weights = constants.map(([id, { tensor }]) => [id, tensor] as const);
    const feeds = fed === undefined ? [] : [[fed.node, fed.value] as const];
    return run(graph, new Map([...weights, [input, x], ...feeds]), nodes, stepDone);
  }

  override dispose(): void {
    super.dispose();
    disposeAll(this.fixed);
    this.fixed.clear();
  }

  protected async compute(nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    const feeds = fed === undefined ? this.fixed : new Map([...this.fixed, [fed.node, asIs(fed.value)]]);
    const results = await runPermuted(this.plan.graph, feeds, nodes, stepDone);
    return results.map(ordered);
  }
}

function disposeAll(values: ReadonlyMap<number, Permuted>): void {
  for (const { tensor } of values.values()) tensor.dispose();
}

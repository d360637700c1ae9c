import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import type { Plan } from '../plan/plan';
import { stackLimit } from '../plan/programs';
import { wholeMapProgram } from '../plan/whole-map';
import type { Names, OnnxPrograms } from '../run/onnx';
import { FrozenNetwork, type Fed } from './frozen-network';
import type { Work } from './work';

/** Bytes of W up to which all of it is computed at once, since some rows would cost as much. */
const WHOLE_MAP = 64 * 2 ** 20;

/** What onnxruntime computes at x in one run. */
interface Results {
  output: Tensor;
  bias: Tensor;
  activation: Tensor | null;
  /** W as [C, N, D]; null where it is too large. */
  map: Float32Array | null;
}

/**
 * The frozen network on onnxruntime: F(x), b and all of W in one run of one static graph, as long as W fits the memory
 * budget; else F(x) and b, and each stack of rows in a run of its own.
 */
export class OnnxNetwork extends FrozenNetwork {
  readonly output: Tensor;
  readonly bias: Tensor;
  readonly activation: Tensor | null;
  private readonly map: Float32Array | null;

  private constructor(
    plan: Plan,
    memory: number,
    private readonly programs: OnnxPrograms,
    private readonly x: Float32Array,
    { output, bias, activation, map }: Results,
  ) {
    super(plan, memory);
    this.output = output;
    this.bias = bias;
    this.activation = activation;
    this.map = map;
  }

  /** @param x in the plan's input shape; it stays the caller's. */
  static async at(programs: OnnxPrograms, plan: Plan, x: Tensor, memory: number): Promise<OnnxNetwork> {
    const { instances, outputs } = plan;
    const inputs = sizeOf(plan.input.shape) / instances;
    const numbers = (await x.data()) as Float32Array;
    const bytes = 4 * outputs * instances * inputs;
    const fits = bytes <= Math.min(memory, WHOLE_MAP) && outputs <= stackLimit(plan, memory);
    const { w, b } = fits ? programs.once(() => wholeMapProgram(plan)) : { w: null, b: plan.bias };
    const wanted: Names = {
      y: plan.y,
      ...(b === null ? {} : { b }),
      ...(w === null ? {} : { w }),
      ...(plan.input.node === plan.x ? {} : { a: plan.input.node }),
    };
    const results: Partial<Record<string, Float32Array>> = await programs.run({ x: plan.x }, wanted, {
      x: numbers,
    });
    const shape = [instances * outputs];
    return new OnnxNetwork(plan, memory, programs, numbers, {
      output: tf.tensor(results.y!, shape),
      bias: results.b === undefined ? tf.zeros(shape) : tf.tensor(results.b, shape),
      activation: results.a === undefined ? null : tf.tensor(results.a, [...plan.input.shape]),
      map: results.w ?? null,
    });
  }

  override get isWritten(): boolean {
    return this.map !== null;
  }

  override known(indices: readonly number[], instance?: number): Float32Array | null {
    const { map } = this;
    if (map === null) return null;
    const { instances, outputs } = this.plan;
    if (instances === 1 && indices.length === outputs && indices.every((index, i) => index === i)) return map;
    const inputs = map.length / (outputs * instances);
    const wanted = instance === undefined ? [...Array(instances).keys()] : [instance];
    const rows = new Float32Array(wanted.length * indices.length * inputs);
    wanted.forEach((n, i) =>
      indices.forEach((index, r) => {
        const from = (index * instances + n) * inputs;
        rows.set(map.subarray(from, from + inputs), (i * indices.length + r) * inputs);
      }),
    );
    return rows;
  }

  override async pushedBias(): Promise<Tensor> {
    return this.map === null ? this.bias.clone() : super.pushedBias();
  }

  override async pullBack(u: Tensor, work: Work = {}): Promise<Tensor> {
    const { map } = this;
    if (map === null) return super.pullBack(u, work);
    const { instances, outputs } = this.plan;
    // [L, N·C] → [N, L, C]·[N, C, D] → [L, N·D]
    return tf.tidy(() => {
      const perInstance = u.reshape([-1, instances, outputs]).transpose([1, 0, 2]);
      const matrix = tf.tensor(map, [outputs, instances, map.length / (outputs * instances)]);
      const rows = tf.matMul(perInstance, matrix.transpose([1, 0, 2]));
      return rows.transpose([1, 0, 2]).reshape([u.shape[0], -1]);
    });
  }

  async evaluate(x: Tensor, nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    return this.computeAt((await x.data()) as Float32Array, nodes, fed);
  }

  protected compute(nodes: readonly number[], fed?: Fed): Promise<Tensor[]> {
    return this.computeAt(this.x, nodes, fed);
  }

  private async computeAt(
    x: Float32Array,
    nodes: readonly number[],
    fed: Fed | undefined,
  ): Promise<Tensor[]> {
    const inputs = { x: this.plan.x, ...(fed === undefined ? {} : { fed: fed.node }) };
    const feeds = { x, ...(fed === undefined ? {} : { fed: (await fed.value.data()) as Float32Array }) };
    const names = nodes.map((node, i) => [`result${i}`, node] as const);
    const results = await this.programs.run(inputs, Object.fromEntries(names), feeds);
    return names.map(([name, node]) => tf.tensor(results[name], [...this.plan.graph.shape(node)]));
  }
}

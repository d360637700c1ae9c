import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import type { Plan } from '../plan/plan';
import { stackLimit, wholeMapProgram } from '../plan/programs';
import type { Names, OnnxPrograms } from '../run/onnx';
import { FrozenNetwork } from './frozen-network';

/**
 * The frozen network on onnxruntime: F(x), b and all of W in one run of one static graph, as long as W fits the memory
 * budget; else F(x) and b, and each stack of rows in a run of its own.
 */
export class OnnxNetwork extends FrozenNetwork {
  private constructor(
    plan: Plan,
    memory: number,
    private readonly programs: OnnxPrograms,
    private readonly x: Float32Array,
    readonly output: Tensor,
    readonly bias: Tensor,
    /** W as [C, N, D]; null where it is too large. */
    private readonly map: Float32Array | null,
  ) {
    super(plan, memory);
  }

  /** @param x in the plan's input shape; it stays the caller's. */
  static async at(programs: OnnxPrograms, plan: Plan, x: Tensor, memory: number): Promise<OnnxNetwork> {
    const { instances, outputs } = plan;
    const inputs = sizeOf(plan.input.shape) / instances;
    const numbers = (await x.data()) as Float32Array;
    const fits = 4 * outputs * instances * inputs <= memory && outputs <= stackLimit(plan, memory);
    const w = fits ? programs.once('whole map', () => wholeMapProgram(plan)) : null;
    const wanted: Names = {
      y: plan.y,
      ...(plan.bias === null ? {} : { b: plan.bias }),
      ...(w === null ? {} : { w }),
    };
    const results: Partial<Record<string, Float32Array>> = await programs.run({ x: plan.x }, wanted, {
      x: numbers,
    });
    const shape = [instances * outputs];
    const output = tf.tensor(results.y!, shape);
    const bias = results.b === undefined ? tf.zeros(shape) : tf.tensor(results.b, shape);
    return new OnnxNetwork(plan, memory, programs, numbers, output, bias, results.w ?? null);
  }

  override known(indices: readonly number[]): Float32Array | null {
    const { map } = this;
    if (map === null) return null;
    const { instances, outputs } = this.plan;
    if (instances === 1 && indices.length === outputs && indices.every((index, i) => index === i)) return map;
    const inputs = map.length / (outputs * instances);
    const rows = new Float32Array(instances * indices.length * inputs);
    for (let n = 0; n < instances; n++) {
      indices.forEach((index, r) => {
        const from = (index * instances + n) * inputs;
        rows.set(map.subarray(from, from + inputs), (n * indices.length + r) * inputs);
      });
    }
    return rows;
  }

  override async pullBack(u: Tensor): Promise<Tensor> {
    const { map } = this;
    if (map === null) return super.pullBack(u);
    const { instances, outputs } = this.plan;
    // [L, N·C] → [N, L, C]·[N, C, D] → [L, N·D]
    return tf.tidy(() => {
      const perInstance = u.reshape([-1, instances, outputs]).transpose([1, 0, 2]);
      const matrix = tf.tensor(map, [outputs, instances, map.length / (outputs * instances)]);
      const rows = tf.matMul(perInstance, matrix.transpose([1, 0, 2]));
      return rows.transpose([1, 0, 2]).reshape([u.shape[0], -1]);
    });
  }

  async evaluate(x: Tensor, nodes: readonly number[]): Promise<Tensor[]> {
    const names = Object.fromEntries(nodes.map(node => [`n${node}`, node]));
    const numbers = (await x.data()) as Float32Array;
    const results = await this.programs.run({ x: this.plan.x }, names, { x: numbers });
    return nodes.map(node => tf.tensor(results[`n${node}`], [...this.plan.graph.shape(node)]));
  }

  protected async compute(node: number, fed?: { node: number; value: Tensor }): Promise<Tensor> {
    const inputs = { x: this.plan.x, ...(fed === undefined ? {} : { fed: fed.node }) };
    const feeds = {
      x: this.x,
      ...(fed === undefined ? {} : { fed: (await fed.value.data()) as Float32Array }),
    };
    const { result } = await this.programs.run(inputs, { result: node }, feeds);
    return tf.tensor(result, [...this.plan.graph.shape(node)]);
  }
}

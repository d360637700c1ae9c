import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { ClassIndexError } from '../errors';
import type { LayerBias } from '../linear-map/bias-terms';
import type { WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';
import type { ExplainedInstance, WeighedInstance } from './explained-instance';

/** One instance with a target as its only output: the sum of the outputs of F(x), each times its weight. */
export class TargetedInstance implements ExplainedInstance {
  readonly channelLayers = [];

  /**
   * @param u the weight of each output, [C].
   * @param name what the target is called.
   */
  constructor(
    private readonly whole: WeighedInstance,
    private readonly u: Float32Array,
    readonly name: string,
  ) {}

  get index(): number {
    return this.whole.index;
  }

  get shape(): readonly number[] {
    return this.whole.shape;
  }

  get channelAxis(): number {
    return this.whole.channelAxis;
  }

  input(): Promise<Float32Array> {
    return this.whole.input();
  }

  async output(): Promise<Float32Array> {
    return this.summed(await this.whole.output());
  }

  async bias(): Promise<Float32Array> {
    return this.summed(await this.whole.bias());
  }

  async product(): Promise<Float32Array> {
    return this.summed(await this.whole.product());
  }

  async rows(outputs: readonly number[]): Promise<Float32Array[]> {
    return (await this.rowsAndBias(outputs)).rows;
  }

  async rowsAndBias(
    outputs: readonly number[],
    work?: Work,
  ): Promise<{ rows: Float32Array[]; biasByLayer: LayerBias[] }> {
    const wrong = outputs.find(output => output !== 0);
    if (wrong !== undefined) throw new ClassIndexError(wrong, 1);
    const { row, biasByLayer } = await this.whole.weighted(this.u, work);
    return {
      rows: outputs.map(() => row),
      biasByLayer: biasByLayer.map(({ layer, bias }) => ({
        layer,
        bias: Float32Array.from(outputs, () => bias[0]),
      })),
    };
  }

  async whatIf(other: Tensor | TensorLike): Promise<WhatIf> {
    const { output, predicted, ...rest } = await this.whole.whatIf(other);
    try {
      const sums = await Promise.all(
        [output, predicted].map(async t => this.summed(await t.data<'float32'>())),
      );
      return { output: tf.tensor1d(sums[0]), predicted: tf.tensor1d(sums[1]), ...rest };
    } finally {
      tf.dispose([output, predicted]);
    }
  }

  /** Σ u·numbers, in float64. */
  private summed(numbers: Float32Array): Float32Array {
    return Float32Array.of(this.u.reduce((sum, weight, c) => sum + weight * numbers[c], 0));
  }
}

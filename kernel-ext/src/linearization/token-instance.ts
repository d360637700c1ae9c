import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { groupSums } from '../linear-map/group-sums';
import type { WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';
import { sizeOf } from '../plan/graph';
import type { ExplainedInstance } from './explained-instance';

/**
 * One instance with a single number for each of its tokens: the factor of the token's embedding, which is 1. A weight is then what
 * the token adds to an output, and F(x) = W·x + b is as exact as with all numbers of the embedding.
 */
export class TokenInstance implements ExplainedInstance {
  readonly channelAxis = 0;

  /** @param whole an instance whose map starts at an embedding, [T, E]. */
  constructor(private readonly whole: ExplainedInstance) {}

  get index(): number {
    return this.whole.index;
  }

  get shape(): readonly number[] {
    return this.whole.shape.slice(0, 1);
  }

  get channelLayers(): readonly string[] {
    return this.whole.channelLayers;
  }

  async input(): Promise<Float32Array> {
    return new Float32Array(sizeOf(this.shape)).fill(1);
  }

  output(): Promise<Float32Array> {
    return this.whole.output();
  }

  bias(): Promise<Float32Array> {
    return this.whole.bias();
  }

  product(): Promise<Float32Array> {
    return this.whole.product();
  }

  async rows(outputs: readonly number[]): Promise<Float32Array[]> {
    return this.summed(await this.whole.rows(outputs));
  }

  async rowsAndBias(outputs: readonly number[], work?: Work) {
    const { rows, biasByLayer } = await this.whole.rowsAndBias(outputs, work);
    return { rows: await this.summed(rows), biasByLayer };
  }

  whatIf(other: Tensor | TensorLike): Promise<WhatIf> {
    return this.whole.whatIf(other);
  }

  /** What each token adds to an output, Σ w·x over the numbers of its embedding. */
  private async summed(rows: readonly Float32Array[]): Promise<Float32Array[]> {
    const x = await this.whole.input();
    const [tokens] = this.shape;
    const width = x.length / tokens;
    return rows.map(row =>
      groupSums(
        row.map((w, i) => w * x[i]),
        1,
        tokens,
        i => Math.floor(i / width),
      ),
    );
  }
}

import type { Tensor } from '@tensorflow/tfjs';
import { ComposeError } from '../errors';
import type { Operator } from './operator';
import { partOf, type Work } from './work';

/** outer·inner, never written out. It lives as long as both. */
export class Composed implements Operator {
  readonly instances: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly memory: number;

  /** @throws ComposeError if the inner map does not give what the outer one takes. */
  constructor(
    private readonly outer: Operator,
    private readonly inner: Operator,
  ) {
    if (outer.inputs !== inner.outputs || outer.instances !== inner.instances)
      throw new ComposeError(sizesOf(outer), sizesOf(inner));
    this.instances = outer.instances;
    this.outputs = outer.outputs;
    this.inputs = inner.inputs;
    this.memory = Math.min(outer.memory, inner.memory);
  }

  get isDisposed(): boolean {
    return this.outer.isDisposed || this.inner.isDisposed;
  }

  async rows(indices: readonly number[], work: Work = {}): Promise<Tensor> {
    const rows = await this.outer.rows(indices, partOf(work, 0, 0.5));
    return through(rows, u => this.inner.pullBack(u, partOf(work, 0.5, 1)));
  }

  known(): null {
    return null;
  }

  async pullBack(u: Tensor, work: Work = {}): Promise<Tensor> {
    const between = await this.outer.pullBack(u, partOf(work, 0, 0.5));
    return through(between, v => this.inner.pullBack(v, partOf(work, 0.5, 1)));
  }

  async pushForward(v: Tensor, work: Work = {}): Promise<Tensor> {
    const between = await this.inner.pushForward(v, partOf(work, 0, 0.5));
    return through(between, u => this.outer.pushForward(u, partOf(work, 0.5, 1)));
  }

  async rankBound(): Promise<number> {
    return Math.min(await this.outer.rankBound(), await this.inner.rankBound());
  }
}

const sizesOf = ({ instances, outputs, inputs }: Operator) => ({ instances, outputs, inputs });

/** Passes a tensor to a function and disposes it afterwards. */
async function through(between: Tensor, map: (t: Tensor) => Promise<Tensor>): Promise<Tensor> {
  try {
    return await map(between);
  } finally {
    between.dispose();
  }
}

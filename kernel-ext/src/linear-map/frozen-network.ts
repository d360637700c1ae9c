import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../plan/graph';
import type { Plan } from '../plan/plan';
import {
  biasTermsProgram,
  blocksOf,
  productsProgram,
  rowsProgram,
  stackLimit,
  type Program,
} from '../plan/programs';
import { stacked } from '../plan/step';
import { cheapestStrategy, waistsOf, type Span } from '../plan/row-strategies';
import { biasByLayer, rowsAndBias, weightedRowAndBias } from './bias-by-layer';
import { instanceShapeOf } from './instance-shape';
import { mapProduct } from './map-product';
import type { BiasByLayer, BiasTerms, Elsewhere, Network, RowsAndBias } from './network';
import { unitVectors } from './operator';
import { patternAt, runElsewhere, type Pattern } from './what-if';
import { assertWanted, partOf, tileDone, type Work } from './work';
import { inPercent, withWorkBar } from './work-bar';

/** The numbers of an input of a plan besides x. */
export interface Fed {
  node: number;
  value: Tensor;
}

/**
 * The frozen network at one x. Tensors given to and by its methods belong to the caller; what it needs of x and of the
 * weights, as they were at construction, lives until `dispose()`.
 */
export abstract class FrozenNetwork implements Network {
  abstract readonly output: Tensor;
  abstract readonly bias: Tensor;
  abstract readonly activation: Tensor | null;
  isDisposed = false;
  /** The gates at x, which every what-if is compared with: kept after the first what-if if they fit the memory budget. */
  private pattern: Pattern | undefined;
  readonly instances: number;
  readonly outputs: number;
  readonly inputs: number;

  /** @param memory budget of its work in bytes. */
  constructor(
    readonly plan: Plan,
    readonly memory: number,
  ) {
    this.instances = plan.instances;
    this.outputs = plan.outputs;
    this.inputs = sizeOf(plan.input.shape) / plan.instances;
  }

  get isWritten(): boolean {
    return false;
  }

  rows(indices: readonly number[], work: Work = {}): Promise<Tensor> {
    return this.rowsOf(this.plan, indices, work);
  }

  known(_indices: readonly number[], _instance?: number): Float32Array | null {
    return null;
  }

  pullBack(u: Tensor, work: Work = {}): Promise<Tensor> {
    return this.inBlocks(u, stack => rowsProgram(this.plan, stack), work);
  }

  pushForward(v: Tensor, work: Work = {}): Promise<Tensor> {
    return this.inBlocks(v, stack => productsProgram(this.plan, stack), work);
  }

  /**
   * The narrowest activation through which everything passes bounds the rank; where a gate
   * follows, only units that pass it count.
   */
  async rankBound(): Promise<number> {
    const { graph } = this.plan;
    let bound = Math.min(this.outputs, this.inputs);
    for (const { value, step } of waistsOf(this.plan)) {
      bound = Math.min(bound, sizeOf(value.shape) / this.instances);
      if (step.kind !== 'scale' || sizeOf(graph.shape(step.factor)) !== sizeOf(value.shape)) continue;
      bound = Math.min(bound, await this.mostNonZero(step.factor));
    }
    return bound;
  }

  async pushedBias(): Promise<Tensor> {
    const { bias, instances, outputs } = this.plan;
    if (bias === null) return tf.zeros([instances * outputs]);
    const [pushed] = await this.compute([bias]);
    const flat = pushed.flatten();
    pushed.dispose();
    return flat;
  }

  biasByLayer(indices?: readonly number[], work: Work = {}): Promise<BiasByLayer> {
    const chosen = indices ?? [...Array(this.outputs).keys()];
    return withWorkBar(inPercent('b by layer'), work, watched => biasByLayer(this, chosen, watched));
  }

  rowsAndBias(indices: readonly number[], work: Work = {}): Promise<RowsAndBias> {
    return withWorkBar(inPercent('Rows of W and b'), work, watched => rowsAndBias(this, indices, watched));
  }

  weighted(u: Tensor, work: Work = {}): Promise<RowsAndBias> {
    return withWorkBar(inPercent('Row of W and b'), work, watched => weightedRowAndBias(this, u, watched));
  }

  async biasTerms(index: number): Promise<BiasTerms[]> {
    const { graph, output } = this.plan;
    const u = graph.input('u1', stacked(output.shape, 1));
    const programs = biasTermsProgram(this.plan, u);
    if (programs.length === 0) return [];
    const value = tf.tensor(unitVectors([index], this.outputs, this.instances), [...graph.shape(u)]);
    try {
      const terms = await this.compute(
        programs.map(({ node }) => node),
        { node: u, value },
      );
      return programs.map(({ layer, shape, channelAxis }, i) => {
        const instance = instanceShapeOf(shape, this.instances);
        const perInstance = terms[i].reshape([this.instances, ...instance]);
        terms[i].dispose();
        const before = shape.length - instance.length;
        return { layer, terms: perInstance, channelAxis: Math.max(0, channelAxis - before) };
      });
    } finally {
      value.dispose();
    }
  }

  /** Nodes at an input x, given what is fed besides it. The caller disposes the results. */
  abstract evaluate(x: Tensor, nodes: readonly number[], fed?: Fed): Promise<Tensor[]>;

  async elsewhere(x: Tensor, other: Tensor): Promise<Elsewhere> {
    const known = this.pattern ?? (await patternAt(this, x));
    // If two calls compute this at the same time, the first result is kept.
    const fits = known.states.reduce((bytes, state) => bytes + 4 * state.size, 0) <= this.memory;
    if (this.pattern === undefined && !this.isDisposed && fits) this.pattern = known;
    try {
      return await runElsewhere(this, known, other);
    } finally {
      if (known !== this.pattern) tf.dispose(known.states);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    tf.dispose(this.pattern?.states ?? []);
    tf.dispose([this.output, this.bias, this.activation ?? []]);
  }

  /** Computes nodes of the plan's graph, given what is fed besides x. */
  protected abstract compute(nodes: readonly number[], fed?: Fed): Promise<Tensor[]>;

  /** Rows of a span's map by the cheapest strategy, [R, N·D]. */
  private async rowsOf(span: Span, indices: readonly number[], work: Work): Promise<Tensor> {
    const { instances, memory } = this;
    const strategy = cheapestStrategy(span, indices.length, instances);
    const width = sizeOf(span.input.shape);
    if (strategy.mode === 'waist') {
      const inner = sizeOf(strategy.lower.output.shape) / instances;
      const lower = await this.rowsOf(strategy.lower, [...Array(inner).keys()], partOf(work, 0, 0.5));
      try {
        const upper = await this.rowsOf(strategy.upper, indices, partOf(work, 0.5, 1));
        return mapProduct(upper, lower, instances);
      } finally {
        lower.dispose();
      }
    }
    const size = sizeOf(span.output.shape);
    const whole = (4 * size * width) / instances;
    return strategy.mode === 'forward' && whole <= memory
      ? this.rowsForward(span, indices, work)
      : this.rowsReverse(span, indices, work);
  }

  private async rowsReverse(span: Span, indices: readonly number[], work: Work): Promise<Tensor> {
    const size = sizeOf(span.output.shape);
    const u = tf.tensor2d(unitVectors(indices, size / this.instances, this.instances), [
      indices.length,
      size,
    ]);
    try {
      return await this.inBlocks(u, stack => rowsProgram(span, stack), work);
    } finally {
      u.dispose();
    }
  }

  private async rowsForward(span: Span, indices: readonly number[], work: Work): Promise<Tensor> {
    const { instances } = this;
    const [width, size] = [sizeOf(span.input.shape), sizeOf(span.output.shape)];
    const columns = width / instances;
    const v = tf.tensor2d(unitVectors([...Array(columns).keys()], columns, instances), [columns, width]);
    try {
      const pushed = await this.inBlocks(v, stack => productsProgram(span, stack), work);
      const rows = tf.tidy(() => {
        const byOutput = pushed.reshape([columns, instances, size / instances]).transpose([2, 1, 0]);
        return tf.gather(byOutput, tf.tensor1d([...indices], 'int32')).reshape([indices.length, width]);
      });
      pushed.dispose();
      return rows;
    } finally {
      v.dispose();
    }
  }

  /** Runs a stack through a program written for the stack's height. */
  inBlocks(vectors: Tensor, program: (stack: number) => Program, work: Work): Promise<Tensor> {
    const [count, width] = vectors.shape as [number, number];
    return this.joined(count, program(1).width, work, (begin, length) => {
      const { from, to } = program(length);
      const value = tf.tidy(() =>
        vectors.slice([begin, 0], [length, width]).reshape([...this.plan.graph.shape(from)]),
      );
      return { node: to, fed: { node: from, value } };
    });
  }

  /** [count, width], computed in blocks that respect the memory budget. Disposes what was fed. */
  async joined(
    count: number,
    width: number,
    work: Work,
    block: (begin: number, length: number) => { node: number | null; fed?: Fed },
  ): Promise<Tensor> {
    assertWanted(work);
    const parts: Tensor[] = [];
    try {
      for (const [begin, length] of blocksOf(count, stackLimit(this.plan, this.memory))) {
        const { node, fed } = block(begin, length);
        try {
          const [result] = node === null ? [tf.zeros([length, width])] : await this.compute([node], fed);
          parts.push(result.reshape([length, width]));
          result.dispose();
        } finally {
          fed?.value.dispose();
        }
        await tileDone(work, (begin + length) / count);
      }
      return parts.length === 0 ? tf.zeros([0, width]) : tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }

  /** The most entries of a gate that are not 0 in one instance. */
  private async mostNonZero(gate: number): Promise<number> {
    const [tensor] = await this.compute([gate]);
    const values = await tensor.data();
    tensor.dispose();
    const size = values.length / this.instances;
    const counts = new Int32Array(this.instances);
    values.forEach((value, i) => (counts[Math.floor(i / size)] += value === 0 ? 0 : 1));
    return Math.max(...counts);
  }
}

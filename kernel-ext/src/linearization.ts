import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { ClassIndexError, DisposedError, VectorShapeError } from './errors';
import { assertFiniteInput } from './linear-map/finite';
import { LinearMap } from './linear-map/linear-map';
import type { FrozenNetwork } from './linear-map/frozen-network';
import type { PolicyUse } from './rules/policy';
import { runElsewhere, type WhatIf } from './linear-map/what-if';

/** max|F(x) − (W·x + b)|, also relative to max|F(x)| and in units in the last place of max|F(x)| (float32). */
export interface Residual {
  absolute: number;
  relative: number;
  ulps: number;
}

/** The part of b that comes from one layer's parameters. */
export interface LayerBias {
  layer: string;
  /** One number an output: [C] for one instance, [N·C] row major for a batch. */
  bias: Float32Array;
}

/** What `linearize` knows of a map besides its numbers. */
export interface Description {
  from: string;
  to: string;
  cut: 'softmax' | 'sigmoid' | null;
  labels: readonly string[];
  policies: readonly PolicyUse[];
}

/**
 * F(x) = W·x + b around one input x (or N inputs). D is the size of the input, C the number of outputs.
 * Tensors in fields belong to the linearization and live until `dispose()`; tensors that methods return
 * belong to the caller. What is computed here is the instance-wise linearization of arXiv 2310.16295.
 */
export class Linearization {
  /** F(x), [C] or [N, C]. */
  readonly output: Tensor;
  /** b, [C] or [N, C]: zero pushed through the frozen network, so made of the parameters alone. */
  readonly bias: Tensor;
  /** W, C × D for each instance, pulled back through the transposes of the frozen steps. */
  readonly weights: LinearMap;
  /** true: the map holds on the whole linear region around x; false: at x only. */
  readonly exact: boolean;
  readonly policies: readonly PolicyUse[];
  /** Ends of the map, for example 'input' and 'logits'. */
  readonly from: string;
  readonly to: string;
  /** The final activation that was left out, so that the outputs are logits. */
  readonly cut: 'softmax' | 'sigmoid' | null;
  /** Names of the C outputs; their indices as strings if none were given. */
  readonly labels: readonly string[];

  /**
   * @param input x, [...instance] or [N, ...instance]; owned from here on, as is the network.
   * @param reference runs the model itself at x and returns F(x), which `residual` disposes.
   */
  constructor(
    readonly input: Tensor,
    private readonly network: FrozenNetwork,
    private readonly shape: { instance: readonly number[]; batch: number | null },
    description: Description,
    private readonly reference: () => Tensor,
  ) {
    const { outputs } = network.plan;
    const outputShape = shape.batch === null ? [outputs] : [shape.batch, outputs];
    this.output = shaped(network.output, outputShape);
    this.bias = shaped(network.bias, outputShape);
    this.weights = new LinearMap(network, shape.instance, shape.batch);
    this.policies = description.policies;
    this.exact = description.policies.length === 0;
    this.from = description.from;
    this.to = description.to;
    this.cut = description.cut;
    this.labels = description.labels;
  }

  get isDisposed(): boolean {
    return this.network.isDisposed;
  }

  /**
   * W_c: how output c depends on each number of x.
   * @param c from 0 to C − 1.
   * @returns in x's shape, float32; the caller disposes it.
   * @throws ClassIndexError, DisposedError
   */
  async row(c: number): Promise<Tensor> {
    const rows = await this.weights.rows([c]);
    const row = rows.reshape(this.input.shape);
    rows.dispose();
    return row;
  }

  /**
   * W_c ∘ x: what each number of x adds to output c. Their sum and b_c make F(x)_c.
   * @returns in x's shape; the caller disposes it.
   * @throws ClassIndexError, DisposedError
   */
  async contribution(c: number): Promise<Tensor> {
    const row = await this.row(c);
    const contribution = row.mul(this.input);
    row.dispose();
    return contribution;
  }

  /**
   * W_i − W_j: what speaks for output i and against output j. Times x, it says why i and not j.
   * @returns in x's shape; the caller disposes it.
   * @throws ClassIndexError, DisposedError
   */
  async contrast(i: number, j: number): Promise<Tensor> {
    this.assertAlive();
    const { outputs, instances } = this.network.plan;
    for (const c of [i, j])
      if (!Number.isInteger(c) || c < 0 || c >= outputs) throw new ClassIndexError(c, outputs);
    const difference = tf.tidy(() => {
      const u = tf.buffer([1, outputs]);
      u.set(u.get(0, i) + 1, 0, i);
      u.set(u.get(0, j) - 1, 0, j);
      return u.toTensor().tile([instances, 1]);
    });
    const contrast = await this.weights.applyTranspose(difference);
    difference.dispose();
    return contrast;
  }

  /**
   * b split by the layers whose parameters it comes from, in the order of the network. The parts sum to b.
   * @throws DisposedError
   */
  async biasByLayer(): Promise<LayerBias[]> {
    this.assertAlive();
    const { layers, bias } = await this.network.biasByLayer();
    const values = (await bias.data()) as Float32Array;
    const width = bias.shape[1]!;
    bias.dispose();
    return layers.map((layer, i) => ({ layer, bias: values.slice(i * width, (i + 1) * width) }));
  }

  /**
   * Another input x' under the map of x: what W and b predict, what the network gives, and how many units switched on
   * the way. While none did, x' lies in the linear region of x and the two agree to rounding.
   * @param other x' in x's shape, finite; it stays the caller's.
   * @throws VectorShapeError, NonFiniteInputError, DisposedError
   */
  async whatIf(other: Tensor): Promise<WhatIf> {
    this.assertAlive();
    if (other.size !== this.input.size) throw new VectorShapeError('whatIf', this.input.size, other.size);
    assertFiniteInput((await other.data()) as Float32Array, other.shape);
    const shape = [...this.network.plan.inputShape];
    const run = [this.input, other].map(x => tf.tidy(() => x.toFloat().reshape(shape)));
    const linear = await this.weights.apply(run[1]);
    try {
      const { output, switched, units } = await runElsewhere(this.network, run[0], run[1]);
      const shaped = output.reshape(this.output.shape);
      output.dispose();
      return { output: shaped, predicted: linear.add(this.bias), switched, units };
    } finally {
      tf.dispose([...run, linear]);
    }
  }

  /**
   * How far W·x + b is from what the model itself computes at x: W by transposes, b by the forward of the frozen
   * network on zero, F by the model. Exact arithmetic would give 0; float32 gives a few units in the last place.
   * The sum W·x is taken in float64, so that it measures W and b and not the summation.
   * @throws DisposedError
   */
  async residual(): Promise<Residual> {
    this.assertAlive();
    const { outputs, instances } = this.network.plan;
    const [x, b] = (await Promise.all([this.input.data(), this.bias.data()])) as Float32Array[];
    const reference = this.reference();
    const y = (await reference.data()) as Float32Array;
    reference.dispose();
    const d = x.length / instances;
    let absolute = 0;
    for (let c = 0; c < outputs; c++) {
      const row = await this.row(c);
      const w = (await row.data()) as Float32Array;
      row.dispose();
      for (let n = 0; n < instances; n++) {
        let sum = b[n * outputs + c];
        for (let k = n * d; k < (n + 1) * d; k++) sum += w[k] * x[k];
        absolute = Math.max(absolute, Math.abs(y[n * outputs + c] - sum));
      }
    }
    return inContext(
      absolute,
      y.reduce((m, v) => Math.max(m, Math.abs(v)), 0),
    );
  }

  /** Frees every tensor that this linearization holds. Using it afterwards throws DisposedError. */
  dispose(): void {
    if (this.isDisposed) return;
    this.network.dispose();
    this.input.dispose();
    this.output.dispose();
    this.bias.dispose();
  }

  private assertAlive(): void {
    if (this.isDisposed) throw new DisposedError();
  }
}

/** A tensor of its own with the same numbers, which are not moved if the shape is right. */
const shaped = (t: Tensor, shape: number[]): Tensor =>
  t.shape.length === shape.length ? t.clone() : t.reshape(shape);

/** Float32 has 24 binary digits: near v its values lie 2^(⌊log2 v⌋ − 23) apart. */
function inContext(absolute: number, largest: number): Residual {
  if (largest === 0)
    return { absolute, relative: absolute === 0 ? 0 : Infinity, ulps: absolute === 0 ? 0 : Infinity };
  const ulp = 2 ** (Math.floor(Math.log2(largest)) - 23);
  return { absolute, relative: absolute / largest, ulps: absolute / ulp };
}

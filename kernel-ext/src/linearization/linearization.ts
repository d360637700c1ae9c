import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { byInput, type InputPart } from '../capture/side-by-side';
import {
  DisposedError,
  InstanceIndexError,
  RegionStartError,
  VectorShapeError,
  WhatIfStartError,
} from '../errors';
import { summedTerms, type LayerBias, type LayerBiasTerms } from '../linear-map/bias-terms';
import type { Description } from '../linear-map/description';
import { assertFiniteInput } from '../linear-map/finite';
import { frozenError, type FrozenError } from '../linear-map/frozen-error';
import { groupSums } from '../linear-map/group-sums';
import { LinearMap } from '../linear-map/linear-map';
import type { Network } from '../linear-map/network';
import type { Alone } from '../linear-map/tiling';
import { whatIf, type WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';
import { sizeOf } from '../plan/graph';
import { certificateAt, type Certificate, type CertificateOptions } from '../regions/certificate';
import { radiusAt, type Radius, type RadiusOptions } from '../regions/radius';
import { reachAt, type Reach } from '../regions/reach';
import { regionAt, type Region } from '../regions/region';
import { measureResidual, type Residual } from '../linear-map/residual';
import type { PolicyUse } from '../rules/policy';
import { segmentsOf } from './superpixels';

/** The model itself at x: for the check of the map, and for maps that start later. */
export interface Reference {
  /** Shape of x as the model takes it. */
  readonly shape: readonly number[];
  /** F(x), [N·C]; the caller disposes it. @throws ModelChangedError */
  reference(): Tensor;
  /** Layers at which another map to the same end may start, in the order of the network. */
  readonly layers: readonly string[];
  /** The map from one of them on, at the same x; the caller disposes it. @throws LayerNameError, LayerOrderError */
  startingAt(layer: string): Promise<Linearization>;
  /** The map whose W is the Jacobian, at the same x; the caller disposes it. @throws ModelChangedError */
  jacobian(): Promise<Linearization>;
  /** One instance by itself, and the network frozen at it; the caller disposes both. @throws ModelChangedError */
  alone(instance: number): Promise<Alone>;
  dispose(): void;
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
  /**
   * What W acts on: x, or the activation at which the map starts, [...instance] or [N, ...instance].
   */
  readonly input: Tensor;
  /** Ends of the map, for example 'input' and 'logits'. */
  readonly from: string;
  readonly to: string;
  /** The final activation that was left out, so that the outputs are logits. */
  readonly cut: 'softmax' | 'sigmoid' | null;
  /** Names of the C outputs; their indices as strings if none were given. */
  readonly labels: readonly string[];

  /** Where each named input lies in x, which holds them side by side; null where x is one input. */
  readonly parts: readonly InputPart[] | null;

  private readonly batch: number | null;
  private readonly instance: readonly number[];
  private measured: Residual | undefined;

  /**
   * @param network and model are owned from here on.
   * @param x [...x] or [N, ...x]; owned, too.
   */
  constructor(
    x: Tensor,
    private readonly network: Network,
    description: Description,
    private readonly model: Reference,
    private readonly work: Work = {},
  ) {
    const { batch, instance } = description;
    const axis = batch === null ? [] : [batch];
    const outputShape = [...axis, network.outputs];
    this.batch = batch;
    this.instance = instance;
    this.input = network.activation === null ? x : network.activation.reshape([...axis, ...instance]);
    if (network.activation !== null) x.dispose();
    this.output = shaped(network.output, outputShape);
    this.bias = shaped(network.bias, outputShape);
    this.weights = new LinearMap(network, instance, batch, work);
    this.policies = description.policies;
    this.exact = description.policies.length === 0;
    this.from = description.from;
    this.to = description.to;
    this.cut = description.cut;
    this.labels = description.labels;
    this.parts = description.parts ?? null;
  }

  get isDisposed(): boolean {
    return this.network.isDisposed;
  }

  /** Names of the layers that `startingAt` takes, in the order of the network. */
  get layers(): readonly string[] {
    return this.model.layers;
  }

  /**
   * The map from a layer's activation a on, at the same x: F(x) = W·a + b, with the same end, policy and labels.
   * @returns the other linearization, whose `input` is a; the caller disposes it.
   * @throws LayerNameError, LayerOrderError, ModelChangedError, DisposedError
   */
  async startingAt(layer: string): Promise<Linearization> {
    this.assertAlive();
    return this.model.startingAt(layer);
  }

  /**
   * The map at the same x whose W is the Jacobian of F: what the policy 'tangent' gives. Beside a map that 'gate' froze it says
   * what x changes, where the frozen map says what x is made of; where F is piecewise linear the two are one.
   * @returns the other linearization, which the caller disposes.
   * @throws ModelChangedError, DisposedError
   */
  async jacobian(): Promise<Linearization> {
    this.assertAlive();
    return this.model.jacobian();
  }

  /**
   * How far W is from the Jacobian, measured row by row: 0 where F is piecewise linear, up to rounding.
   * @throws ModelChangedError, DisposedError, AbortError
   */
  async frozenError(work: Work = this.work): Promise<FrozenError> {
    const jacobian = await this.jacobian();
    try {
      return await frozenError(this.weights, jacobian.weights, work);
    } finally {
      jacobian.dispose();
    }
  }

  /**
   * A row, a contribution, or whatever has x's shape, cut into the inputs of a model that has several.
   * @returns the parts by the inputs' names, each in its input's shape; the caller disposes them.
   */
  byInput(t: Tensor): Record<string, Tensor> {
    return this.parts === null ? { [this.from]: tf.clone(t) } : byInput(t, this.parts);
  }

  /**
   * W_c: how output c depends on each number of x.
   * @param c from 0 to C − 1.
   * @returns in x's shape, float32; the caller disposes it.
   * @throws ClassIndexError, DisposedError, AbortError
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
    return this.weights.contrast(i, j);
  }

  /**
   * Contributions to output c summed by channel, the last axis of x. Their sum and b_c make F(x)_c.
   * @returns [channels], or [N, channels]; the caller disposes it.
   * @throws ClassIndexError, DisposedError
   */
  async contributionByChannel(c: number): Promise<Tensor> {
    const channels = this.instance.at(-1) ?? 1;
    return this.contributionBy(c, channels, place => place % channels);
  }

  /**
   * Contributions to output c summed by segment of x. Their sum and b_c make F(x)_c.
   * @param mask the number of its segment, 0, 1, …, for each number of one instance, or for each position of an image
   *   without its channels; it stays the caller's.
   * @returns [segments], or [N, segments]; the caller disposes it.
   * @throws SegmentError, ClassIndexError, DisposedError
   */
  async contributionBySegment(c: number, mask: Tensor): Promise<Tensor> {
    const segments = await segmentsOf(mask, this.instance);
    return this.contributionBy(c, segments.count, segments.of);
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
   * b_c entry by entry of the activations that the layers shift: what a bias adds to output c at each position and channel
   * (the FullGrad split, arXiv 1905.00780). All entries together sum to b_c.
   * @returns one a shift, in the order of the network; a layer that is used twice comes twice. The caller disposes them.
   * @throws ClassIndexError, DisposedError
   */
  async biasTerms(c: number): Promise<LayerBiasTerms[]> {
    this.assertAlive();
    this.weights.assertOutput(c);
    const parts = await this.network.biasTerms(c);
    return parts.map(({ layer, terms }) => {
      const single = this.batch === null ? terms.reshape(terms.shape.slice(1)) : terms.clone();
      terms.dispose();
      return { layer, terms: single };
    });
  }

  /**
   * b_c by layer and channel, the last axis of what the layer shifts: `biasTerms` summed over positions.
   * @returns [channels] or [N·channels] numbers each.
   * @throws ClassIndexError, DisposedError
   */
  async biasByChannel(c: number): Promise<LayerBias[]> {
    return summedTerms(await this.biasTerms(c), this.batch ?? 1, channels => ({
      groups: channels,
      groupOf: place => place % channels,
    }));
  }

  /**
   * b_c by layer and position: `biasTerms` summed over channels, the last axis.
   * @returns one number a position, row major, N times for a batch.
   * @throws ClassIndexError, DisposedError
   */
  async biasByPosition(c: number): Promise<LayerBias[]> {
    return summedTerms(await this.biasTerms(c), this.batch ?? 1, (channels, size) => ({
      groups: size / channels,
      groupOf: place => Math.floor(place / channels),
    }));
  }

  /**
   * Another input x' under the map of x: what W and b predict, what the network gives, and how many units switched on
   * the way. While none did, x' lies in the linear region of x and the two agree to rounding.
   * @param other x' in x's shape, finite; it stays the caller's.
   * @throws VectorShapeError, NonFiniteInputError, WhatIfStartError, DisposedError
   */
  async whatIf(other: Tensor): Promise<WhatIf> {
    this.assertAlive();
    if (this.network.activation !== null) throw new WhatIfStartError(this.from);
    if (other.size !== this.input.size) throw new VectorShapeError('whatIf', this.input.size, other.size);
    return whatIf(this.network, this, other, this.model.shape);
  }

  /**
   * The linear region of x: how all units of the network are set. Inputs with the same pattern share W and b.
   * @param options instance: which one of a batch; default 0.
   * @throws NoRegionError where F is not piecewise linear, RegionStartError, InstanceIndexError, ModelChangedError,
   *   DisposedError
   */
  async region({ instance = 0 }: { instance?: number } = {}): Promise<Region> {
    return this.atOne(instance, alone => regionAt(alone));
  }

  /**
   * How far the map of x holds: the distance to the nearest hyperplane at which a unit of the network switches. Exact where
   * a forward pass times the D numbers of x takes at most 2^36 multiplications (some seconds; an MNIST CNN takes a
   * thirtieth of that); beyond, a lower and an upper bound, unless `{exact: true}` asks for more. Up to the rounding of float32.
   * @param options norm, ties, exact, instance, and the signal and onProgress of long work.
   * @returns its `point` belongs to the caller.
   * @throws NoRegionError where F is not piecewise linear, RegionStartError, InstanceIndexError, ModelChangedError,
   *   DisposedError, AbortError
   */
  async radius(options: RadiusOptions = {}): Promise<Radius> {
    const { instance = 0 } = options;
    return this.atOne(instance, async alone => {
      const radius = await radiusAt(alone, { ...this.work, ...options });
      if (radius.point === null) return radius;
      const point = radius.point.reshape([...this.instance]);
      radius.point.dispose();
      return { ...radius, point };
    });
  }

  /**
   * How far towards another input x' the map of x holds: where on the straight way the first unit switches. Two forward passes.
   * @param other x' in the shape of one instance, finite; it stays the caller's.
   * @param options instance: which one of a batch; default 0.
   * @throws VectorShapeError, NonFiniteInputError, NoRegionError where F is not piecewise linear, RegionStartError,
   *   InstanceIndexError, ModelChangedError, DisposedError
   */
  async reach(other: Tensor, { instance = 0 }: { instance?: number } = {}): Promise<Reach> {
    const size = sizeOf(this.instance);
    if (other.size !== size) throw new VectorShapeError('reach', size, other.size);
    const numbers = Float32Array.from(await other.data());
    assertFiniteInput(numbers, other.shape);
    return this.atOne(instance, alone => reachAt(alone, numbers));
  }

  /**
   * The map in a form that another machine can check, with `verify` or `piecewise verify file.json`: hashes of the model, of x and
   * of the activation pattern, F(x), b, checksums of W, the residual and the radius.
   * @param options as for `radius`; model: where the model's file is, for `piecewise verify`
   * @returns plain JSON
   * @throws NoRegionError, RegionStartError, InstanceIndexError, ModelChangedError, DisposedError
   */
  async certificate(options: CertificateOptions = {}): Promise<Certificate> {
    const residual = await this.residual();
    const { to } = this;
    return this.atOne(options.instance ?? 0, alone => certificateAt(alone, { to, residual }, options));
  }

  /**
   * How far W·x + b is from what the model itself computes at x: W by transposes, b by the forward of the frozen
   * network on zero, F by the model. Exact arithmetic would give 0; float32 gives a few units in the last place.
   * The sum W·x is taken in float64, so that it measures W and b and not the summation. A residual that is more than
   * rounding is also said on the console. Measured once; further calls give the same.
   * @throws DisposedError, ModelChangedError, AbortError
   */
  async residual(work: Work = this.work): Promise<Residual> {
    this.assertAlive();
    const { input: x, bias, model, network } = this;
    return (this.measured ??= await measureResidual(
      network,
      { x, bias, reference: () => model.reference() },
      work,
    ));
  }

  /** Frees every tensor that this linearization holds. Using it afterwards throws DisposedError. */
  dispose(): void {
    if (this.isDisposed) return;
    this.network.dispose();
    this.model.dispose();
    this.input.dispose();
    this.output.dispose();
    this.bias.dispose();
  }

  private async contributionBy(
    c: number,
    groups: number,
    groupOf: (place: number) => number,
  ): Promise<Tensor> {
    const contribution = await this.contribution(c);
    const values = (await contribution.data()) as Float32Array;
    contribution.dispose();
    const sums = groupSums(values, this.batch ?? 1, groups, groupOf);
    return tf.tensor(sums, [...(this.batch === null ? [] : [this.batch]), groups]);
  }

  /** @throws RegionStartError, InstanceIndexError, ModelChangedError, DisposedError */
  private async atOne<T>(instance: number, ask: (alone: Alone) => Promise<T>): Promise<T> {
    this.assertAlive();
    const count = this.batch ?? 1;
    if (!Number.isInteger(instance) || instance < 0 || instance >= count)
      throw new InstanceIndexError(instance, count);
    if (this.network.activation !== null) throw new RegionStartError(this.from);
    const alone = await this.model.alone(instance);
    try {
      return await ask(alone);
    } finally {
      alone.network.dispose();
      alone.x.dispose();
    }
  }

  private assertAlive(): void {
    if (this.isDisposed) throw new DisposedError();
  }
}

/** A tensor of its own with the same numbers, which are not moved if the shape is right. */
const shaped = (t: Tensor, shape: number[]): Tensor =>
  t.shape.length === shape.length ? t.clone() : t.reshape(shape);

import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { byInput } from '../capture/side-by-side';
import type { InputPart } from '../capture/source';
import { BatchError, WhatIfStartError } from '../errors';
import { summedTerms, type LayerBias, type LayerBiasTerms } from '../linear-map/bias-terms';
import { channelsIn } from '../linear-map/channels-in';
import { contrast, weightedRow } from '../linear-map/contrast';
import { frozenError, type FrozenError } from '../linear-map/frozen-error';
import { LinearMap } from '../linear-map/linear-map';
import type { ResidualOptions } from '../linear-map/residual';
import type { Residual } from '../linear-map/residual-sum';
import { whatIf, type WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';
import type { Certificate, CertificateOptions } from '../regions/certificate';
import type { Radius, RadiusOptions } from '../regions/radius';
import type { Reach, ReachOptions } from '../regions/reach';
import type { Region } from '../regions/region';
import type { PolicyUse } from '../rules/policy';
import type { CompiledModel } from './compiled-model';
import { contributionSums } from './contribution-sums';
import type { FrozenMap } from './frozen-map';
import { LinearizedInstance } from './linearized-instance';
import { withOther } from './other-input';
import { superpixelsOf } from './superpixels';
import { targetSum, targetWeights, type Target } from './target';
import { tokenCount } from './token-names';

/**
 * F(x) = W·x + b around one input x (or N inputs). D is the size of the input, C the number of outputs.
 * Tensors in fields belong to the linearization and live until `dispose()`; tensors that methods return
 * belong to the caller. What is computed here is the instance-wise linearization of arXiv 2310.16295.
 */
export class Linearization {
  /** F(x), [C] or [N, C]. */
  readonly output: Tensor;
  /** b, [C] or [N, C]: zero pushed through the frozen network, so it consists of the parameters alone. */
  readonly bias: Tensor;
  /** W, C × D for each instance, pulled back through the transposes of the frozen steps. */
  readonly weights: LinearMap;
  /** true if the map is exact on the whole linear region around x; false if only at x. */
  readonly exact: boolean;
  readonly policies: readonly PolicyUse[];
  /** What W acts on: x, or the activation at which the map starts, [...instance] or [N, ...instance]. */
  readonly input: Tensor;
  /** Ends of the map, for example 'input' and 'logits'. */
  readonly from: string;
  readonly to: string;
  /** The final activation that was left out, so that the outputs are logits. */
  readonly cut: 'softmax' | 'sigmoid' | null;
  /** Names of the C outputs: indices if none were given, position and class, '(12, 40) · class 3', where F(x) has several axes. */
  readonly labels: readonly string[];
  /** Names of the D numbers of x; null if they have none, as where the map starts at a layer. */
  readonly features: readonly string[] | null;
  /** The texts of the tokens of each instance; null if `linearize` was not told them. */
  readonly tokens: readonly (readonly string[])[] | null;
  /** Where each named input lies in x, which holds them side by side; null where x is one input. */
  readonly parts: readonly InputPart[] | null;

  /** Takes ownership of the map. */
  constructor(private readonly map: FrozenMap) {
    const { network, description, work } = map;
    this.input = map.input;
    this.output = map.output;
    this.bias = map.bias;
    this.weights = new LinearMap(network, description.instance, description.batch, work);
    this.policies = description.policies;
    this.exact = description.policies.length === 0;
    this.from = description.from;
    this.to = description.to;
    this.cut = description.cut;
    this.labels = description.labels;
    this.features = description.features ?? null;
    this.tokens = description.tokens ?? null;
    this.parts = description.parts ?? null;
  }

  get isDisposed(): boolean {
    return this.map.isDisposed;
  }

  /** N for a batch; null for one instance, whose tensors have no axis of instances. */
  get batch(): number | null {
    return this.map.description.batch;
  }

  /** The model that the map was made from, compiled with the same options: for maps at other inputs. */
  get model(): CompiledModel {
    return this.map.model.compiled;
  }

  /**
   * One instance by itself: its numbers and rows, its linear region, and how far its map remains exact.
   * @param n from 0 to N − 1; 0 for an x without an axis of instances.
   * @throws InstanceIndexError, DisposedError
   */
  instance(n: number): LinearizedInstance {
    this.map.assertAlive();
    return new LinearizedInstance(this.map, n);
  }

  /**
   * How far W is from the Jacobian, which the policy 'tangent' gives, measured row by row: 0 where F is piecewise linear, up to
   * rounding.
   * @throws ModelChangedError, DisposedError, AbortError
   */
  async frozenError(work: Work = this.map.work): Promise<FrozenError> {
    this.map.assertAlive();
    const jacobian = await this.map.model.map({ policy: 'tangent' });
    try {
      const { instance, batch } = this.map.description;
      return await frozenError(this.weights, new LinearMap(jacobian.network, instance, batch), work);
    } finally {
      jacobian.dispose();
    }
  }

  /**
   * A row, a contribution, or anything else in x's shape, cut into the inputs of a model that has several.
   * @returns the parts by the inputs' names, each in its input's shape; the caller disposes them.
   */
  byInput(t: Tensor): Record<string, Tensor> {
    return this.parts === null ? { [this.from]: tf.clone(t) } : byInput(t, this.parts);
  }

  /**
   * W_c: how output c depends on each number of x.
   * @param c from 0 to C − 1; or a target, the sum of a class of a segmentation over a mask: `{ class: 'sky', mask }`.
   * @returns in x's shape, float32; the caller disposes it.
   * @throws ClassIndexError, TargetError, DisposedError, AbortError
   */
  async row(c: number | Target): Promise<Tensor> {
    this.map.assertAlive();
    if (typeof c === 'object' && c !== null)
      return weightedRow(this.weights, await targetWeights(c, this.map.description), this.map.instances);
    const rows = await this.weights.rows([c]);
    const row = rows.reshape(this.input.shape);
    rows.dispose();
    return row;
  }

  /**
   * W_c ∘ x: what each number of x adds to output c, or to a target. Their sum and b_c make F(x)_c.
   * @returns in x's shape; the caller disposes it.
   * @throws ClassIndexError, TargetError, DisposedError
   */
  async contribution(c: number | Target): Promise<Tensor> {
    const row = await this.row(c);
    const contribution = row.mul(this.input);
    row.dispose();
    return contribution;
  }

  /**
   * F(x) and b of a target: the sums of a class over a mask. Contributions to the target sum to output − bias.
   * @returns scalars, or [N] each; the caller disposes them.
   * @throws TargetError, DisposedError
   */
  async total(target: Target): Promise<{ output: Tensor; bias: Tensor }> {
    this.map.assertAlive();
    const u = await targetWeights(target, this.map.description);
    return { output: targetSum(this.output, u), bias: targetSum(this.bias, u) };
  }

  /**
   * W_i − W_j: what speaks for output i and against output j. Times x, it explains why i and not j.
   * @returns in x's shape; the caller disposes it.
   * @throws ClassIndexError, DisposedError
   */
  async contrast(i: number, j: number): Promise<Tensor> {
    this.map.assertAlive();
    return contrast(this.weights, i, j, this.map.instances);
  }

  /**
   * Contributions to output c, or to a target, summed by channel: the last axis of x, or the first one of images that the network
   * reads with channels first. Their sum and b_c make F(x)_c.
   * @returns [channels], or [N, channels]; the caller disposes it.
   * @throws ClassIndexError, TargetError, DisposedError
   */
  async contributionByChannel(c: number | Target): Promise<Tensor> {
    const { instance, channelAxis } = this.map.description;
    const { channels, channelOf } = channelsIn(instance, channelAxis);
    return contributionSums(await this.contribution(c), this.batch, channels, channelOf);
  }

  /**
   * Contributions to output c, or to a target, summed by superpixel of x. Their sum and b_c make F(x)_c.
   * @param mask the number of its superpixel, 0, 1, …, for each number of one instance, or for each position of an image
   *   without its channels; it stays the caller's.
   * @returns [superpixels], or [N, superpixels]; the caller disposes it.
   * @throws SuperpixelError, ClassIndexError, DisposedError
   */
  async contributionBySuperpixel(c: number | Target, mask: Tensor | TensorLike): Promise<Tensor> {
    const superpixels = await superpixelsOf(mask, this.map.description);
    return contributionSums(await this.contribution(c), this.batch, superpixels.count, superpixels.of);
  }

  /**
   * Contributions to output c, or to a target, summed by token, where the map starts at an embedding, [T, E]: what each token adds.
   * Their sum and b_c make F(x)_c.
   * @returns [T], or [N, T]; the caller disposes it.
   * @throws TokensError, ClassIndexError, TargetError, DisposedError
   */
  async contributionByToken(c: number | Target): Promise<Tensor> {
    const { instance, from } = this.map.description;
    const tokens = tokenCount('contributionByToken', from, instance);
    const width = instance[1];
    return contributionSums(await this.contribution(c), this.batch, tokens, i => Math.floor(i / width));
  }

  /**
   * b split by the layers whose parameters it comes from, in the order of the network. The parts sum to b.
   * @throws DisposedError
   */
  async biasByLayer(): Promise<LayerBias[]> {
    this.map.assertAlive();
    const { layers, bias } = await this.map.network.biasByLayer(undefined, this.map.work);
    const values = (await bias.data()) as Float32Array;
    const width = bias.shape[1]!;
    bias.dispose();
    return layers.map((layer, i) => ({ layer, bias: values.slice(i * width, (i + 1) * width) }));
  }

  /**
   * b_c entry by entry of the activations that the layers shift: what a bias adds to output c at each position and channel
   * (the FullGrad split, arXiv 1905.00780). All entries together sum to b_c.
   * @returns one for each shift, in the order of the network; a layer that is used twice appears twice. The caller disposes them.
   * @throws ClassIndexError, DisposedError
   */
  async biasTerms(c: number): Promise<LayerBiasTerms[]> {
    this.map.assertAlive();
    this.weights.assertOutput(c);
    const parts = await this.map.network.biasTerms(c);
    return parts.map(({ terms, ...part }) => {
      const single = this.batch === null ? terms.reshape(terms.shape.slice(1)) : terms.clone();
      terms.dispose();
      return { ...part, terms: single };
    });
  }

  /**
   * b_c by layer and channel: `biasTerms` summed over positions.
   * @returns [channels] or [N·channels] numbers each.
   * @throws ClassIndexError, DisposedError
   */
  async biasByChannel(c: number): Promise<LayerBias[]> {
    return summedTerms(await this.biasTerms(c), this.batch, 'channel');
  }

  /**
   * b_c by layer and position: `biasTerms` summed over channels.
   * @returns one number per position, row major, N times for a batch.
   * @throws ClassIndexError, DisposedError
   */
  async biasByPosition(c: number): Promise<LayerBias[]> {
    return summedTerms(await this.biasTerms(c), this.batch, 'position');
  }

  /**
   * Another input x' under the map of x: what W and b predict, what the network gives, and how many units switched
   * in between. While none did, x' lies in the linear region of x and the two agree to rounding.
   * @param other x' in x's shape, finite; it stays the caller's.
   * @throws VectorShapeError, NonFiniteInputError, WhatIfStartError, DisposedError
   */
  async whatIf(other: Tensor | TensorLike): Promise<WhatIf> {
    const { network, model } = this.map;
    this.map.assertAlive();
    if (network.activation !== null) throw new WhatIfStartError(this.from);
    const { size } = this.input;
    return withOther('whatIf', other, size, there => whatIf(network, this, there, model.shape));
  }

  /** For one instance; see `LinearizedInstance.region`. @throws BatchError if there are several; then ask `instance(n)`. */
  async region(): Promise<Region> {
    return this.only('region').region();
  }

  /** For one instance; see `LinearizedInstance.radius`. @throws BatchError if there are several; then ask `instance(n)`. */
  async radius(options: RadiusOptions = {}): Promise<Radius> {
    return this.only('radius').radius(options);
  }

  /** For one instance; see `LinearizedInstance.reach`. @throws BatchError if there are several; then ask `instance(n)`. */
  async reach(other: Tensor | TensorLike, options: ReachOptions = {}): Promise<Reach> {
    return this.only('reach').reach(other, options);
  }

  /** For one instance; see `LinearizedInstance.certificate`. @throws BatchError if there are several; then ask `instance(n)`. */
  async certificate(options: CertificateOptions = {}): Promise<Certificate> {
    return this.only('certificate').certificate(options);
  }

  /**
   * How far W·x + b is from what the model itself computes at x. Exact arithmetic would give 0; float32 gives a few units in the
   * last place. W·x is x pushed through the frozen network, b is zero pushed through it, and F is computed by the model. Random
   * weightings u of the outputs, ⟨u, W·v⟩ = ⟨Wᵀu, v⟩ (Freivalds), check that the transposes, which give the rows of W, belong
   * to the same W. This takes a few passes, however many outputs there are. A residual that is more than
   * rounding is also logged. Measured once; further calls return the same.
   * @param options every: compare all rows of W one by one instead, which takes C pulls.
   * @throws DisposedError, ModelChangedError, OptionError, AbortError
   */
  async residual(options?: ResidualOptions): Promise<Residual> {
    return this.map.residual(options);
  }

  /** Frees every tensor that this linearization holds. Using it afterwards throws DisposedError. */
  dispose(): void {
    this.map.dispose();
  }

  /** @throws BatchError, DisposedError */
  private only(question: string): LinearizedInstance {
    const first = this.instance(0);
    if (this.map.instances > 1) throw new BatchError(question, this.map.instances);
    return first;
  }
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { ClassIndexError, InstanceIndexError, RegionStartError, WhatIfStartError } from '../errors';
import { checkOption } from '../errors/check-options';
import type { LayerBias } from '../linear-map/bias-terms';
import { assertFiniteInput } from '../linear-map/finite';
import type { CompileOptions } from '../linear-map/compiled';
import { LinearMap } from '../linear-map/linear-map';
import type { Network } from '../linear-map/network';
import type { SingleInstance } from '../linear-map/single-instance';
import { whatIf, type WhatIf } from '../linear-map/what-if';
import type { Work } from '../linear-map/work';
import { sizeOf } from '../plan/graph';
import { certificateAt, MODEL_FILE, type Certificate, type CertificateOptions } from '../regions/certificate';
import { checkRadiusOptions, radiusAt, type Radius, type RadiusOptions } from '../regions/radius';
import { checkReachOptions, reachAt, type Reach, type ReachOptions } from '../regions/reach';
import { regionAt, type Region } from '../regions/region';
import { cut, layerBiases, rowsAt, rowsOf } from './instance-numbers';
import { channelsAt, type Channels, type ChannelsOptions } from './channels';
import type { WeighedInstance } from './explained-instance';
import type { FrozenMap } from './frozen-map';
import { withOther } from './other-input';
import { targetName, targetWeights, type Target } from './target';
import { TargetedInstance } from './targeted-instance';

/**
 * One instance of a linearization: its own numbers, rows, linear region and so on. It lives as long as the linearization and
 * computes nothing for the other instances of a batch.
 */
export class LinearizedInstance implements WeighedInstance {
  /** Shape of one instance of what W acts on. */
  readonly shape: readonly number[];
  /** Which of its axes holds the channels: the first of images that the network takes with channels first, else the last. */
  readonly channelAxis: number;

  /**
   * @param index which instance, from 0 to N − 1.
   * @throws InstanceIndexError
   */
  constructor(
    private readonly map: FrozenMap,
    readonly index: number,
  ) {
    const { instances, description } = map;
    if (!Number.isInteger(index) || index < 0 || index >= instances)
      throw new InstanceIndexError(index, instances);
    this.shape = description.instance;
    this.channelAxis = description.channelAxis;
  }

  /** Shape of one instance of F(x) as the model gives it, for example [64, 64, 5] of a segmentation. */
  get outputShape(): readonly number[] {
    return this.map.description.outputShape;
  }

  /** Which axis of the output holds the classes of a segmentation. */
  get classAxis(): number {
    return this.map.description.classAxis;
  }

  /** What W acts on: x, or the activation at which the map starts, [D]. @throws DisposedError */
  input(): Promise<Float32Array> {
    return this.numbersOf(this.map.input);
  }

  /** F(x), [C]. @throws DisposedError */
  output(): Promise<Float32Array> {
    return this.numbersOf(this.map.output);
  }

  /** b, [C]. @throws DisposedError */
  bias(): Promise<Float32Array> {
    return this.numbersOf(this.map.bias);
  }

  /**
   * Some rows of W.
   * @param indices outputs, each from 0 to C − 1; any order, repeats allowed.
   * @returns [D] numbers for each.
   * @throws ClassIndexError, DisposedError, AbortError
   */
  async rows(indices: readonly number[], work: Work = this.map.work): Promise<Float32Array[]> {
    this.map.assertAlive();
    for (const index of indices) this.assertOutput(index);
    if (indices.length === 0) return [];
    const known = this.map.network.known(indices, this.index);
    if (known !== null) return cut(known, indices.length);
    return this.frozen((network, position) => rowsOf(network, position, indices, work));
  }

  /**
   * W·x: x pushed once through the frozen network, however many outputs there are.
   * @returns [C]
   * @throws DisposedError, AbortError
   */
  async product(work: Work = this.map.work): Promise<Float32Array> {
    this.map.assertAlive();
    const { product, network: whole } = this.map;
    if (product !== null) return product.slice(this.index * whole.outputs, (this.index + 1) * whole.outputs);
    return this.frozen(async (network, position, input) => {
      const v = input.reshape([1, input.size]);
      try {
        const product = await network.pushForward(v, work);
        const numbers = await product.data<'float32'>();
        product.dispose();
        return numbers.slice(position * network.outputs, (position + 1) * network.outputs);
      } finally {
        v.dispose();
      }
    });
  }

  /**
   * b split by the layers whose parameters it comes from, in the order of the network. The parts sum to b.
   * @param outputs which outputs, each from 0 to C − 1; default: all. Few of them take less time than all.
   * @returns one number per output for each layer.
   * @throws ClassIndexError, DisposedError, AbortError
   */
  async biasByLayer(
    outputs: readonly number[] = [...Array(this.map.network.outputs).keys()],
    work: Work = this.map.work,
  ): Promise<LayerBias[]> {
    this.map.assertAlive();
    for (const index of outputs) this.assertOutput(index);
    return this.frozen(async (network, position) =>
      layerBiases(await network.biasByLayer(outputs, work), position, outputs.length),
    );
  }

  /**
   * `rows` and `biasByLayer` of some outputs, in a single pass where that is possible.
   * @param outputs each from 0 to C − 1; at least one.
   * @throws ClassIndexError, DisposedError, AbortError
   */
  async rowsAndBias(
    outputs: readonly number[],
    work: Work = this.map.work,
  ): Promise<{ rows: Float32Array[]; biasByLayer: LayerBias[] }> {
    const { network } = this.map;
    if (network.known(outputs.slice(0, 1), this.index) !== null)
      return { rows: await this.rows(outputs, work), biasByLayer: await this.biasByLayer(outputs, work) };
    this.map.assertAlive();
    for (const index of outputs) this.assertOutput(index);
    return this.frozen(async (own, position) => {
      const { rows, ...parts } = await own.rowsAndBias(outputs, work);
      return {
        rows: await rowsAt(rows, own, position, outputs.length),
        biasByLayer: await layerBiases(parts, position, outputs.length),
      };
    });
  }

  /**
   * This instance with a target as its only output: one output by its index, or the sum of a class over a mask.
   * @param classes names of the classes. Default: those of the linearization.
   * @throws ClassIndexError, TargetError, InputValueError, RaggedInputError, DtypeError
   */
  async targeted(target: number | Target, classes?: readonly string[]): Promise<TargetedInstance> {
    const { description } = this.map;
    const outputs = { ...description, ...(classes && { classes }) };
    if (typeof target !== 'number')
      return new TargetedInstance(this, await targetWeights(target, outputs), targetName(target, outputs));
    this.assertOutput(target);
    const u = new Float32Array(this.map.network.outputs);
    u[target] = 1;
    return new TargetedInstance(this, u, description.labels[target]);
  }

  /**
   * uᵀW and uᵀb by layer, pulled back once.
   * @param u the weight of each output, [C].
   * @returns [D] numbers, and one number for each layer.
   * @throws DisposedError, AbortError
   */
  async weighted(
    u: Float32Array,
    work: Work = this.map.work,
  ): Promise<{ row: Float32Array; biasByLayer: LayerBias[] }> {
    this.map.assertAlive();
    return this.frozen(async (network, position) => {
      const weights = tf.tidy(() => tf.tensor2d(u, [1, u.length]).tile([1, network.instances]));
      try {
        const { rows, ...parts } = await network.weighted(weights, work);
        const [row] = await rowsAt(rows, network, position, 1);
        return { row, biasByLayer: await layerBiases(parts, position, 1) };
      } finally {
        weights.dispose();
      }
    });
  }

  /**
   * Another input x' in place of this instance, under the map of this instance; see `Linearization.whatIf`.
   * @param other x' in the shape of one instance, finite; it stays the caller's.
   * @returns output and predicted [C]; the caller disposes them.
   * @throws VectorShapeError, NonFiniteInputError, WhatIfStartError, ModelChangedError for one of several instances, DisposedError
   */
  async whatIf(other: Tensor | TensorLike): Promise<WhatIf> {
    const { map } = this;
    map.assertAlive();
    if (map.network.activation !== null) throw new WhatIfStartError(map.description.from);
    return withOther('whatIf', other, sizeOf(this.shape), there => {
      if (map.network.instances === 1)
        return whatIf(map.network, this.parts(map.network, map.input), there, map.model.shape);
      return this.single(({ network, x }) => whatIf(network, this.parts(network, x), there, x.shape));
    });
  }

  /**
   * The linear region of the instance: how all units of the network are set. Inputs with the same pattern share W and b.
   * @throws NoRegionError where F is not piecewise linear, RegionStartError, ModelChangedError, DisposedError
   */
  async region(): Promise<Region> {
    return this.atInput(single => regionAt(single));
  }

  /**
   * How far the map remains exact: the distance to the nearest hyperplane at which a unit of the network switches. Exact where
   * a forward pass times the D numbers of x takes at most 2^36 multiplications (some seconds; an MNIST CNN takes a
   * thirtieth of that); beyond that, a lower and an upper bound, unless `{exact: true}` asks for more. Up to the rounding of
   * float32.
   * @param options norm, ties, exact, and the signal and onProgress of long work.
   * @returns its `point` belongs to the caller.
   * @throws NoRegionError where F is not piecewise linear, RegionStartError, ModelChangedError, DisposedError, OptionError, AbortError
   */
  async radius(options: RadiusOptions = {}): Promise<Radius> {
    checkRadiusOptions('radius', options);
    return this.atInput(async single => {
      const radius = await radiusAt(single, { ...this.map.work, ...options });
      if (radius.point === null) return radius;
      const point = radius.point.reshape([...this.shape]);
      radius.point.dispose();
      return { ...radius, point };
    });
  }

  /**
   * How far towards another input x' the map remains exact: where on the straight line the first unit switches. Takes two
   * forward passes.
   * @param other x' in the shape of one instance, finite; it stays the caller's.
   * @param options ties: whether units that are exactly at their threshold at x count (default) or are skipped.
   * @throws OptionError, VectorShapeError, NonFiniteInputError, NoRegionError where F is not piecewise linear, RegionStartError,
   *   ModelChangedError, DisposedError
   */
  async reach(other: Tensor | TensorLike, options: ReachOptions = {}): Promise<Reach> {
    checkReachOptions(options);
    this.map.assertAlive();
    return withOther('reach', other, sizeOf(this.shape), async there => {
      const numbers = Float32Array.from(await there.data());
      assertFiniteInput(numbers, there.shape);
      return this.atInput(single => reachAt(single, numbers, options));
    });
  }

  /**
   * The map in a form that another machine can check, with `verify` or `piecewise verify file.json`: hashes of the model, of x
   * and of the activation pattern, F(x), b, checksums of W, the residual of the linearization, and the radius.
   * @param options as for `radius`; model: where the model's file is, for `piecewise verify`.
   * @returns plain JSON.
   * @throws NoRegionError, RegionStartError, ModelChangedError, DisposedError, AbortError
   */
  async certificate(options: CertificateOptions = {}): Promise<Certificate> {
    checkRadiusOptions('certificate', options);
    checkOption('certificate', 'model', options.model, MODEL_FILE);
    const { end } = this.map.description;
    const residual = (work: Work) => this.map.residual(work);
    const all = { ...this.map.work, ...options };
    return this.atInput(single => certificateAt(single, { to: end, residual }, all));
  }

  /** Layers that `channels` takes, in the order of the network: those between the input and the end of the map. */
  get channelLayers(): readonly string[] {
    return this.map.model.layers;
  }

  /**
   * The channels of a layer's activation a: W∘a split by channel. Their sums and b make F(x) at
   * the output, or the difference of two; with another input x', they make W·x' + b.
   * @throws LayerNameError, LayerOrderError, ClassIndexError, VectorShapeError, NonFiniteInputError, ModelChangedError, DisposedError
   */
  async channels({ layer, index, rival, most, other }: ChannelsOptions): Promise<Channels> {
    for (const output of rival === undefined ? [index] : [index, rival]) this.assertOutput(output);
    const elsewhere = other && (await this.activationAt(layer, other));
    return this.single(single => channelsAt(single, { index, rival, most }, elsewhere), { from: layer });
  }

  /** The activation of a layer at another input, under the map of this instance. */
  private activationAt(layer: string, other: Tensor): Promise<Float32Array> {
    return withOther('channels', other, sizeOf(this.shape), there =>
      this.single(
        async ({ network, x }) => {
          const { output, predicted } = await whatIf(network, this.parts(network, x), there, x.shape);
          const numbers = await predicted.data<'float32'>();
          output.dispose();
          predicted.dispose();
          return numbers;
        },
        { to: layer },
      ),
    );
  }

  private async numbersOf(tensor: Tensor): Promise<Float32Array> {
    this.map.assertAlive();
    if (this.map.description.batch === null) return Float32Array.from(await tensor.data());
    const own = tensor.slice(this.index, 1);
    try {
      return Float32Array.from(await own.data());
    } finally {
      own.dispose();
    }
  }

  private parts(network: Network, input: Tensor) {
    const weights = new LinearMap(network, this.shape, null, this.map.work);
    return { input, bias: network.bias, weights };
  }

  /** @throws RegionStartError, ModelChangedError, DisposedError */
  private async atInput<T>(ask: (single: SingleInstance) => Promise<T>): Promise<T> {
    this.map.assertAlive();
    if (this.map.network.activation !== null) throw new RegionStartError(this.map.description.from);
    return this.single(ask);
  }

  /**
   * Asks the network frozen at this instance alone or, if the model has changed since, the one frozen at all instances.
   * @param ask gets the network, the position of the instance in it, and what its W acts on.
   */
  private async frozen<T>(
    ask: (network: Network, position: number, input: Tensor) => Promise<T>,
  ): Promise<T> {
    const { network, model, input } = this.map;
    if (network.instances === 1 || model.isStale) return ask(network, this.index, input);
    return this.single(({ network: own, x }) => ask(own, 0, own.activation ?? x));
  }

  private async single<T>(ask: (single: SingleInstance) => Promise<T>, changed?: CompileOptions): Promise<T> {
    this.map.assertAlive();
    const single = await this.map.model.single(this.index, changed);
    try {
      return await ask(single);
    } finally {
      single.dispose();
    }
  }

  /** @throws ClassIndexError */
  private assertOutput(index: number): void {
    const { outputs } = this.map.network;
    if (!Number.isInteger(index) || index < 0 || index >= outputs) throw new ClassIndexError(index, outputs);
  }
}

import type { Tensor } from '@tensorflow/tfjs';
import { DisposedError } from '../errors';
import { checkOptions, FLAG, WORK } from '../errors/check-options';
import type { CompileOptions } from '../linear-map/compiled';
import type { Description } from '../linear-map/description';
import type { Network } from '../linear-map/network';
import { measureResidual, type ResidualOptions } from '../linear-map/residual';
import type { Residual } from '../linear-map/residual-sum';
import type { SingleInstance } from '../linear-map/single-instance';
import type { Work } from '../linear-map/work';
import type { CompiledModel } from './compiled-model';

/** What a map asks of the model that it was made from, at the x where it was made. */
export interface ModelAtInput {
  /** The model with the options of the map. */
  readonly compiled: CompiledModel;
  /** Shape of x as the model takes it. */
  readonly shape: readonly number[];
  /** Layers at which another map to the same end may start, in the order of the network. */
  readonly layers: readonly string[];
  /** Whether the model's weights have been replaced or disposed of since. */
  readonly isStale: boolean;
  /** F(x) as the model itself computes it, [N·C]; the caller disposes it. @throws ModelChangedError */
  reference(): Promise<Tensor>;
  /**
   * One instance by itself; the caller disposes it.
   * @param changed options that differ from those of the map.
   * @throws ModelChangedError, LayerNameError, LayerOrderError
   */
  single(instance: number, changed?: CompileOptions): Promise<SingleInstance>;
  /** The map at the same x with some options changed; the caller disposes it. @throws ModelChangedError */
  map(changed: CompileOptions): Promise<FrozenMap>;
  dispose(): void;
}

/** A map at x with everything that it was made from, shared by a linearization and the views of its instances. */
export class FrozenMap {
  /** What W acts on, [...instance] or [N, ...instance]. */
  readonly input: Tensor;
  /** F(x) and b, [C] or [N, C]. */
  readonly output: Tensor;
  readonly bias: Tensor;
  private measured: { residual: Residual; product: Float32Array | null } | undefined;

  /**
   * Takes ownership of x, the network and the model at x.
   * @param x [...x] or [N, ...x].
   */
  constructor(
    x: Tensor,
    readonly network: Network,
    readonly description: Description,
    readonly model: ModelAtInput,
    readonly work: Work,
  ) {
    const { batch, instance } = description;
    const axis = batch === null ? [] : [batch];
    const outputShape = [...axis, network.outputs];
    this.input = network.activation === null ? x : network.activation.reshape([...axis, ...instance]);
    if (network.activation !== null) x.dispose();
    this.output = shaped(network.output, outputShape);
    this.bias = shaped(network.bias, outputShape);
  }

  get isDisposed(): boolean {
    return this.network.isDisposed;
  }

  /** N; 1 for an x without an axis of instances. */
  get instances(): number {
    return this.description.batch ?? 1;
  }

  /** @throws DisposedError */
  assertAlive(): void {
    if (this.isDisposed) throw new DisposedError();
  }

  /** Measured once, unless every row is compared. @throws DisposedError, ModelChangedError, OptionError, AbortError */
  async residual(options: ResidualOptions = this.work): Promise<Residual> {
    this.assertAlive();
    checkOptions('residual', options, { ...WORK, every: FLAG });
    const { input: x, bias, model, network } = this;
    const measure = () => measureResidual(network, { x, bias, reference: () => model.reference() }, options);
    if (options.every === true) return (await measure()).residual;
    this.measured ??= await measure();
    return this.measured.residual;
  }

  /** W·x of all instances, [N·C], if the residual has been measured, which takes it anyway. */
  get product(): Float32Array | null {
    return this.measured?.product ?? null;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.network.dispose();
    this.model.dispose();
    this.input.dispose();
    this.output.dispose();
    this.bias.dispose();
  }
}

/** A tensor of its own with the same numbers, which are not moved if the shape is right. */
const shaped = (t: Tensor, shape: number[]): Tensor =>
  t.shape.length === shape.length ? t.clone() : t.reshape(shape);

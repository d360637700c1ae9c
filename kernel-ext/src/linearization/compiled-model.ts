import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { heldAt, isHeldApart } from '../capture/onnx-source';
import type { InputShape, Source } from '../capture/source';
import { CompiledShapeError, ModelError } from '../errors';
import { Compiled, type CompileOptions, type Executor } from '../linear-map/compiled';
import { instanceShapeOf } from '../linear-map/instance-shape';
import { Tiling } from '../linear-map/tiling';
import { sameShape } from '../plan/graph';
import { cachedInstances, instanceLimit } from '../plan/programs';
import { MarginReader } from '../regions/margin-reader';
import { checkedInput, type CheckedInput } from './checked-input';
import { Recent } from './recent';

/** Batch sizes whose compiled plans a model keeps. */
const SIZES_KEPT = 4;

/** Variants with other options that a model keeps. */
const VARIANTS_KEPT = 4;

/**
 * A model compiled for inputs of one shape, with one static plan per number of instances. It holds no tensors. When the
 * model's weights have been replaced since, the next call compiles it again.
 */
export class CompiledModel {
  /** By number of instances; by −1 − n for an instance n that has a network of its own. */
  private readonly compiled = new Recent<number, Compiled>(SIZES_KEPT);
  /** The same model with other options. */
  private readonly variants = new Recent<string, CompiledModel>(VARIANTS_KEPT);

  /**
   * @param source the model.
   * @param shape what it is compiled for.
   * @param options where the map starts and ends.
   * @param sample the input with which a function is called to capture what it does; default: zeros.
   * @throws ModelError, DisconnectedError, LayerNameError, UnsupportedKernelError
   */
  static async of(
    source: Source,
    shape: InputShape,
    options: CompileOptions = {},
    sample?: Tensor,
  ): Promise<CompiledModel> {
    const model = new CompiledModel(source, shape, options);
    await model.alone(0, sample);
    return model;
  }

  private constructor(
    readonly source: Source,
    readonly shape: InputShape,
    private readonly options: CompileOptions,
  ) {}

  /** Shape of one instance of x. */
  get inputShape(): readonly number[] {
    return this.shape.instance;
  }

  /** C, the number of outputs. */
  get outputs(): number {
    return this.latest.plan.outputs;
  }

  /** The plan that was used last; plans for other numbers of instances differ only in that number. */
  get latest(): Compiled {
    return this.compiled.values.at(-1)!;
  }

  /** Where each named input lies in x; undefined where x is one input, and between layers. */
  get parts(): Source['parts'] {
    const { plan } = this.latest;
    return plan.input.node === plan.x ? this.source.parts : undefined;
  }

  /** Shape of one instance of what the map acts on. */
  get instance(): readonly number[] {
    const { plan } = this.latest;
    return plan.input.node === plan.x
      ? this.shape.instance
      : instanceShapeOf(plan.input.shape, plan.instances);
  }

  /** The plan for one instance by itself. @param instance its number in a batch */
  async alone(instance: number, sample?: Tensor): Promise<Compiled> {
    const { source } = this;
    if (!isHeldApart(source)) return this.for(1, sample);
    const compile = () => this.compile(heldAt(source, instance), 1);
    return this.compiled.get(-1 - instance, compile, ({ isStale }) => !isStale);
  }

  /** The plan for a number of instances. @throws ModelError if each instance has a network of its own */
  async for(instances: number, sample?: Tensor): Promise<Compiled> {
    this.assertOneNetwork();
    const compile = () => this.compile(this.source, instances, sample);
    return this.compiled.get(instances, compile, ({ isStale }) => !isStale);
  }

  /**
   * The same model with some options changed.
   * @param sample the input with which a function is called. A function is compiled again each time another map is asked for.
   */
  variant(changed: CompileOptions, sample: Tensor): Promise<CompiledModel> {
    const { source, shape } = this;
    const options = { ...this.options, ...changed };
    const own = source.key === undefined ? sample : undefined;
    return this.variants.get(JSON.stringify(changed), () => CompiledModel.of(source, shape, options, own));
  }

  /**
   * @param x takes ownership of it.
   * @throws ShapeError, EmptyInputError, CompiledShapeError; no tensor is left behind then.
   */
  checked(x: Tensor): CheckedInput {
    const input = checkedInput(this.source, x);
    const { instance } = input.shape;
    if (sameShape(instance, this.shape.instance)) return input;
    x.dispose();
    throw new CompiledShapeError(this.shape.instance, instance);
  }

  /**
   * Cuts x into tiles of as many instances as the memory budget allows; for 'onnx', which computes all rows at once, of as
   * many as fit the processor's caches.
   */
  async tiling(
    { x, shape: { instances, instance, run } }: CheckedInput,
    memory: number,
    executor: Executor,
  ): Promise<Tiling> {
    const apart = isHeldApart(this.source);
    const compile = (count: number, begin: number) => (apart ? this.alone(begin) : this.for(count));
    const hasAxis = run.length > instance.length;
    if (instances === 1 || !hasAxis) return Tiling.of(x.reshape(run), instances, 1, compile);
    const { plan } = await this.alone(0);
    const limit = Math.min(
      instanceLimit(plan, memory),
      executor === 'onnx' ? cachedInstances(plan) : Infinity,
    );
    const size = this.source.oneByOne === true || apart ? 1 : tileSize(instances, limit);
    return Tiling.of(x.reshape(run), instances, size, compile);
  }

  /**
   * A reader of the margins of the model's units at many inputs, for work that goes from region to region.
   * @throws NoRegionError
   */
  marginReader(executor: Executor): Promise<MarginReader> {
    const { run, instance } = this.shape;
    const batched = run.length > instance.length && this.source.oneByOne !== true;
    return MarginReader.of(count => this.for(count), batched, executor);
  }

  /** Frees the executors of the plans; a map that still needs one creates it again. */
  release(): void {
    for (const kept of [...this.compiled.values, ...this.variants.values]) kept.release();
  }

  /** @throws ModelError */
  private assertOneNetwork(): void {
    if (isHeldApart(this.source))
      throw new ModelError(
        `the integer inputs, which are held at their values, differ from instance to instance, so each instance has a network of ` +
          `its own. Pass one instance at a time, or use linearize(model, {…}), which takes such a batch.`,
      );
  }

  private async compile(source: Source, instances: number, sample?: Tensor): Promise<Compiled> {
    const { run, instance } = this.shape;
    if (instances > 1 && source.oneByOne === true)
      throw new ModelError(
        `the model runs on one instance at a time, so it cannot be compiled for ${instances}. Give the shape of one instance.`,
      );
    const shape = run.length > instance.length ? [instances, ...instance] : run;
    const x = sample === undefined ? tf.zeros(shape) : tf.reshape(sample, shape);
    try {
      return await Compiled.of(source, x, instances, this.options);
    } finally {
      x.dispose();
    }
  }
}

/** The size of tiles: a divisor of the number of instances, if there is a large one, since tiles of the same size are compiled once. */
function tileSize(instances: number, limit: number): number {
  if (instances <= limit) return instances;
  for (let size = limit; size > limit / 2; size--) if (instances % size === 0) return size;
  return limit;
}

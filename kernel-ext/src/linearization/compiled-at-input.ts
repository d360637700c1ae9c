import type { Tensor } from '@tensorflow/tfjs';
import type { InputShape } from '../capture/source';
import type { CompileOptions } from '../linear-map/compiled';
import type { Description } from '../linear-map/description';
import { assertFiniteActivation, assertFiniteInput, assertFiniteOutput } from '../linear-map/finite';
import { defaultMemory } from '../linear-map/memory';
import { instanceShapeOf } from '../linear-map/instance-shape';
import type { Network } from '../linear-map/network';
import { SingleInstance } from '../linear-map/single-instance';
import type { Tiling } from '../linear-map/tiling';
import { assertWanted, partOf } from '../linear-map/work';
import type { CheckedInput } from './checked-input';
import type { CompiledModel } from './compiled-model';
import { FrozenMap, type ModelAtInput } from './frozen-map';
import { classesOf, outputLabels } from './output-labels';
import type { RunOptions } from './run-options';
import { tokenCount, tokenNames } from './token-names';

/** A compiled model at one x, cut into tiles of instances. */
export class CompiledAtInput implements ModelAtInput {
  /**
   * Freezes a model at x.
   *
   * @param input takes ownership of its x.
   * @returns the map, which the caller disposes.
   * @throws NonFiniteInputError, NonFiniteOutputError, NameCountError, AbortError; no tensor is left behind then.
   */
  static async freeze(
    compiled: CompiledModel,
    { x, shape }: CheckedInput,
    options: RunOptions & { features?: readonly string[] },
  ): Promise<FrozenMap> {
    const { executor = 'tfjs', memory = defaultMemory() } = options;
    let model: CompiledAtInput | undefined;
    let network: Network | undefined;
    try {
      assertWanted(options);
      const { from, startsAtInput } = compiled.latest;
      if (startsAtInput) assertFiniteInput(await x.data<'float32'>(), x.shape);
      const description = { ...descriptionOf(compiled, shape, options), features: options.features };
      const tiling = await compiled.tiling({ x, shape }, memory, executor);
      const given = { shape, dimensions: x.shape };
      model = new CompiledAtInput(compiled, tiling, given, { ...options, executor, memory });
      network = await tiling.freeze(executor, memory, options);
      if (network.activation !== null) await assertFiniteActivation(network.activation, from);
      await assertFiniteOutput(network.output);
      // Whoever was stopped during the last run waits for the map no longer, and would not dispose it.
      assertWanted(options);
      return new FrozenMap(x, network, description, model, partOf(options, 0, 1));
    } catch (error) {
      x.dispose();
      network?.dispose();
      model?.dispose();
      throw error;
    }
  }

  private constructor(
    readonly compiled: CompiledModel,
    private readonly tiling: Tiling,
    private readonly given: { shape: InputShape; dimensions: number[] },
    private readonly options: RunOptions & Required<Pick<RunOptions, 'executor' | 'memory'>>,
  ) {}

  get shape(): readonly number[] {
    return this.tiling.shape;
  }

  get layers(): readonly string[] {
    return this.tiling.compiled.starts;
  }

  get isStale(): boolean {
    return this.tiling.compiled.isStale;
  }

  reference(): Promise<Tensor> {
    return this.tiling.reference();
  }

  async single(instance: number, changed?: CompileOptions): Promise<SingleInstance> {
    const { tiling, compiled } = this;
    const { executor, memory } = this.options;
    tiling.assertCurrent();
    const x = tiling.instance(instance);
    try {
      const own = tiling.instances === 1 ? tiling.compiled : await compiled.alone(instance);
      const plan = changed === undefined ? own : await (await compiled.variant(changed, x)).alone(instance);
      return new SingleInstance(await plan.at(x, executor, memory), x, plan.channelAxis);
    } catch (error) {
      x.dispose();
      throw error;
    }
  }

  async map(changed: CompileOptions): Promise<FrozenMap> {
    const { compiled, given, options } = this;
    const x = this.tiling.input(given.dimensions);
    let variant: CompiledModel;
    try {
      variant = await compiled.variant(changed, x);
    } catch (error) {
      x.dispose();
      throw error;
    }
    return CompiledAtInput.freeze(variant, { x, shape: given.shape }, options);
  }

  dispose(): void {
    this.tiling.dispose();
  }
}

/** Describes a map, apart from its numbers. */
function descriptionOf(
  model: CompiledModel,
  { batched, instances }: InputShape,
  { labels: given, tokens }: RunOptions,
): Description {
  const { from, to, end, cut, plan, channelAxis, classAxis } = model.latest;
  const batch = batched ? instances : null;
  const { instance, parts, outputs } = model;
  const outputShape = instanceShapeOf(plan.output.shape, plan.instances);
  const labels = outputLabels(outputs, given, 'linearize', outputShape, classAxis);
  const classes =
    classesOf(outputShape, given, classAxis) ?? classesOf(outputShape, undefined, classAxis) ?? labels;
  const ends = { from, to, end, cut, channelAxis };
  return {
    ...ends,
    policies: plan.policies,
    instance,
    batch,
    labels,
    outputShape,
    classAxis,
    classes,
    parts,
    ...(tokens && { tokens: tokenNames(tokens, tokenCount('linearize', from, instance), batch) }),
  };
}

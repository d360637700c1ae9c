import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { isNamed, sideBySide, type NamedInputs } from '../capture/side-by-side';
import { inputShape, type InputShape, type Source } from '../capture/source';
import { CompiledShapeError, DtypeError, ModelError, NameCountError } from '../errors';
import { Compiled, type CompileOptions, type Executor } from '../linear-map/compiled';
import { assertFiniteInput, assertFiniteOutput } from '../linear-map/finite';
import { instanceShapeOf } from '../linear-map/instance-shape';
import { defaultMemory } from '../linear-map/memory';
import type { Network } from '../linear-map/network';
import { Tiling } from '../linear-map/tiling';
import { assertWanted, partOf, type Work } from '../linear-map/work';
import { Linearization, type Reference } from './linearization';
import { describePlan } from '../plan/describe';
import { sameShape } from '../plan/graph';
import { cachedInstances, instanceLimit } from '../plan/programs';
import { MarginReader } from '../regions/margin-reader';
import type { PolicyUse } from '../rules/policy';

/** How one linearization is computed. */
export interface RunOptions extends Work {
  /** Names of the outputs, one each. Default: '0', '1', … */
  labels?: readonly string[];
  /**
   * Bytes that work may take at once: it is cut into tiles of rows and of instances that fit, and `toTensor` refuses a
   * larger W. Default: a quarter of what the machine has free, 64 MiB to 1 GiB. The weights are not counted, of which
   * 'onnx' keeps copies, some for forward and some for backward: up to 512 MiB a model, or one of each.
   */
  memory?: number;
  /**
   * What computes. 'tfjs' (default) starts at once and runs on the backend of TensorFlow.js. 'onnx' compiles a static
   * graph for onnxruntime at the first call for a model and a shape, then gives F(x), b and all of W in one run.
   */
  executor?: Executor;
}

/** What `Linearizer.save` writes. */
export interface SaveOptions {
  /** R, how many rows of W the file gives at once. Default: all C of them. */
  rows?: number;
}

const makers = new WeakMap<Linearization, Linearizer>();

/** Who has made a linearization: the same model, compiled. */
export const linearizerOf = (lin: Linearization): Linearizer => makers.get(lin)!;

/** Batch sizes for which a linearizer keeps what it compiled. */
const SIZES_KEPT = 4;

/**
 * A model compiled for inputs of one shape: one static graph with F(x), the gates, rows of W and b, run at any x.
 * It holds no tensors. When the model's weights have been replaced since, the next call compiles anew.
 */
export class Linearizer {
  /** By number of instances, the last used one last. */
  private readonly compiled = new Map<number, Compiled>();
  /** Of the same model with other options, by these. */
  private readonly related = new Map<string, Linearizer>();

  /**
   * @param source the model.
   * @param shape what it is compiled for.
   * @param options where the map starts and ends.
   * @param sample what a function is called with to see what it does; by default zeros.
   * @throws ModelError, DisconnectedError, LayerNameError, UnsupportedKernelError
   */
  constructor(
    private readonly source: Source,
    private readonly shape: InputShape,
    private readonly options: CompileOptions = {},
    sample?: Tensor,
  ) {
    this.compile(1, sample);
  }

  /** Shape of one instance of x. */
  get inputShape(): readonly number[] {
    return this.shape.instance;
  }

  /** C, the number of outputs. */
  get outputs(): number {
    return this.current.plan.outputs;
  }

  /** Start of the map: 'input' or a layer. */
  get from(): string {
    return this.current.from;
  }

  /** End of the map: 'logits' or a layer. */
  get to(): string {
    return this.current.to;
  }

  /** Names of layers that `from` and `to` take, in the order of the network. */
  get layers(): readonly string[] {
    return this.current.layers;
  }

  /** Whether the map holds on the whole linear region around any x; false where a policy was needed. */
  get exact(): boolean {
    return this.policies.length === 0;
  }

  get policies(): readonly PolicyUse[] {
    return this.current.plan.policies;
  }

  /** Where each named input lies in x; undefined where x is one input, and between layers. */
  private get parts(): Source['parts'] {
    const { plan } = this.current;
    return plan.input.node === plan.x ? this.source.parts : undefined;
  }

  /** The final activation that is left out, so that the outputs are logits. */
  get cut(): 'softmax' | 'sigmoid' | null {
    return this.current.cut;
  }

  /**
   * Takes the network apart at x, as the function `linearize` does.
   *
   * @param x one instance or a batch of any size, float32; a function takes the shape it was compiled for. What was compiled
   *   for inputs by name gets them by name, or as the vector in which they lie side by side.
   * @returns the linearization, which the caller disposes.
   * @throws ShapeError, CompiledShapeError, InputNamesError, ModelError, EmptyInputError, DtypeError, NonFiniteInputError, NonFiniteOutputError,
   *   NameCountError. No tensor is left behind then.
   */
  async linearize(x: Tensor | TensorLike | NamedInputs, options: RunOptions = {}): Promise<Linearization> {
    const input = this.owned(x);
    let tiling: Tiling | undefined;
    let network: Network | undefined;
    try {
      assertWanted(options);
      const shape = this.shapeOf(input);
      const numbers = await input.data<'float32'>();
      assertFiniteInput(numbers, input.shape);
      const memory = options.memory ?? defaultMemory();
      tiling = this.tiling(tf.tensor(numbers, shape.run), shape, memory, options.executor);
      const { compiled } = tiling;
      const labels = labelsFor(compiled.plan.outputs, options.labels);
      const executor = options.executor ?? 'tfjs';
      network = await tiling.freeze(executor, memory, options);
      await assertFiniteOutput(network.output);
      const made = new Linearization(
        input,
        network,
        { ...descriptionOf(compiled, shape), labels, parts: this.parts },
        this.referenceOf(tiling, input.shape, { ...options, executor, memory }),
        partOf(options, 0, 1),
      );
      makers.set(made, this);
      return made;
    } catch (error) {
      input.dispose();
      network?.dispose();
      tiling?.dispose();
      throw error;
    }
  }

  /**
   * Writes the compiled network as a standard ONNX model, weights included: it runs unchanged in onnxruntime, in Python,
   * Node and browsers.
   *
   * With N the instances of the shape that was compiled for (1 for one instance), inputs are `x` [N, ...instance] and
   * `u` [R, N, C], R weightings of the outputs: a one-hot vector chooses a row of W, the difference of two is a contrast.
   * Outputs are `y` = F(x) [N, C], `w` = u·W [R, N, ...instance] and `b` [N, C], so that F(x) = W·x + b. All float32.
   */
  async save(path: string, { rows = this.outputs }: SaveOptions = {}): Promise<void> {
    const compiled = this.compile(this.shape.instances);
    await writeFile(path, compiled.onnxFile(rows, instanceShape(compiled, this.shape)));
  }

  /** @param given the shape in which x was given. */
  private referenceOf(
    tiling: Tiling,
    given: number[],
    options: RunOptions & Required<Pick<RunOptions, 'executor' | 'memory'>>,
  ): Reference {
    return {
      shape: tiling.shape,
      layers: tiling.compiled.starts,
      reference: () => tiling.reference(),
      alone: instance => tiling.alone(instance, options.executor, options.memory),
      startingAt: layer => this.linearizeAs({ from: layer }, tiling.input(given), options),
      jacobian: () => this.linearizeAs({ policy: 'tangent' }, tiling.input(given), options),
      dispose: () => tiling.dispose(),
    };
  }

  /** The same with some options changed. @param x owned from here on. */
  private async linearizeAs(changed: CompileOptions, x: Tensor, options: RunOptions): Promise<Linearization> {
    try {
      const { source, shape } = this;
      const key = JSON.stringify(changed);
      const sample = source.key === undefined ? x : undefined;
      const known = this.related.get(key);
      const other = known ?? new Linearizer(source, shape, { ...this.options, ...changed }, sample);
      this.related.set(key, other);
      return await other.linearize(x, options);
    } finally {
      x.dispose();
    }
  }

  /**
   * Reads the margins of the model's units at many inputs, for what goes from region to region.
   * @throws NoRegionError
   */
  marginReader(executor: Executor): MarginReader {
    const { run, instance } = this.shape;
    return MarginReader.of(count => this.compile(count), run.length > instance.length, executor);
  }

  /** x as a tensor of our own. */
  private owned(x: Tensor | TensorLike | NamedInputs): Tensor {
    if (!isNamed(x)) return x instanceof tf.Tensor ? tf.clone(x) : tf.tensor(x);
    if (this.source.parts === undefined) {
      throw new ModelError(
        'x is given by name, but the linearizer was compiled for one tensor. Pass that, or compile(model, {name: shape}).',
      );
    }
    return sideBySide(this.source, x).x;
  }

  /** The frozen network as a table in text: a line a step, with its layer and shape. */
  summary(): string {
    return describePlan(this.current.plan, `${this.from} → ${this.to}`);
  }

  /** The latest plan; those for other numbers of instances differ in nothing but that. */
  private get current(): Compiled {
    return [...this.compiled.values()].at(-1)!;
  }

  /**
   * Cuts x into tiles of as many instances as the memory budget allows; for 'onnx', which computes all rows at once, of as
   * many as fit the caches.
   */
  private tiling(
    x: Tensor,
    { instances, instance, run }: InputShape,
    memory: number,
    executor: Executor | undefined,
  ): Tiling {
    try {
      const hasAxis = run.length > instance.length;
      if (instances === 1 || !hasAxis) return Tiling.of(x, instances, 1, count => this.compile(count));
      const { plan } = this.compile(1);
      const limit = Math.min(
        instanceLimit(plan, memory),
        executor === 'onnx' ? cachedInstances(plan) : Infinity,
      );
      return Tiling.of(x, instances, tileSize(instances, limit), count => this.compile(count));
    } catch (error) {
      x.dispose();
      throw error;
    }
  }

  private compile(instances: number, sample?: Tensor): Compiled {
    const last = this.compiled.get(instances);
    const compiled = last?.isStale === false ? last : this.compileAnew(instances, sample);
    this.compiled.delete(instances);
    this.compiled.set(instances, compiled);
    for (const [size] of this.compiled) if (this.compiled.size > SIZES_KEPT) this.compiled.delete(size);
    return compiled;
  }

  private compileAnew(instances: number, sample?: Tensor): Compiled {
    const { run, instance } = this.shape;
    const shape = run.length > instance.length ? [instances, ...instance] : run;
    const x = sample === undefined ? tf.zeros(shape) : tf.reshape(sample, shape);
    try {
      return new Compiled(this.source, x, instances, this.options);
    } finally {
      x.dispose();
    }
  }

  /** @throws DtypeError, ShapeError, EmptyInputError, CompiledShapeError */
  private shapeOf(input: Tensor): InputShape {
    if (input.dtype !== 'float32') throw new DtypeError(input.dtype);
    const shape = inputShape(this.source, input.shape);
    if (!sameShape(shape.instance, this.shape.instance))
      throw new CompiledShapeError(this.shape.instance, shape.instance);
    return shape;
  }
}

/** Tiles of one size are compiled once: a divisor of the number of instances, if there is a large one. */
function tileSize(instances: number, limit: number): number {
  if (instances <= limit) return instances;
  for (let size = limit; size > limit / 2; size--) if (instances % size === 0) return size;
  return limit;
}

/** Shape of one instance of what the map acts on. */
function instanceShape({ plan }: Compiled, { instance }: InputShape): readonly number[] {
  return plan.input.node === plan.x ? instance : instanceShapeOf(plan.input.shape, plan.instances);
}

function descriptionOf(compiled: Compiled, shape: InputShape) {
  const { from, to, cut, plan } = compiled;
  const batch = shape.batched ? shape.instances : null;
  return { from, to, cut, policies: plan.policies, instance: instanceShape(compiled, shape), batch };
}

function labelsFor(outputs: number, labels: readonly string[] | undefined): readonly string[] {
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  if (labels.length !== outputs)
    throw new NameCountError('linearize', 'labels', labels.length, 'outputs', outputs);
  return labels.map(String);
}

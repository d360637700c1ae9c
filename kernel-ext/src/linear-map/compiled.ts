import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { activationsAt, capture, cutFinalActivation, referenceOutput, startAt } from '../capture/capture';
import { endsChannelsFirst, isChannelsFirst } from '../capture/channels-first';
import { isOfIntegers, layoutOf } from '../capture/onnx-source';
import type { Capture } from '../capture/kernel-call';
import type { Source } from '../capture/source';
import {
  LayerNameError,
  LayerOrderError,
  ModelChangedError,
  ModelError,
  OutputNameError,
  UnsupportedKernelError,
} from '../errors';
import { planOf, planOfTail, type Plan } from '../plan/plan';
import { savedProgram } from '../plan/programs';
import type { PolicyChoice } from '../rules/policy';
import { OnnxPrograms } from '../run/onnx';
import { run } from '../run/tfjs';
import { startingAt } from '../plan/starting-at';
import {
  assertNotEmpty,
  assertPolicy,
  layerAfterIntegers,
  endAtLayer,
  INPUT,
  LOGITS,
  nameOfEnd,
} from './ends';
import type { FrozenNetwork } from './frozen-network';
import { instanceShapeOf } from './instance-shape';
import { OnnxNetwork } from './onnx-network';
import { TfjsNetwork } from './tfjs-network';
import { stepDone } from './work';

/** What runs a plan: TensorFlow.js on its backend, or onnxruntime on the CPU, which is several times faster once warm. */
export type Executor = 'tfjs' | 'onnx';

/** What a model is compiled for. */
export interface CompileOptions {
  /** The layer at which the map ends. Default: the model's output, without a final softmax or sigmoid. */
  to?: string;
  /**
   * The layer whose output the map starts at: W is the matrix between two activations then, and `input` the first one.
   * Paths around that layer are fixed at their values, as part of b. Default: the input.
   */
  from?: string;
  /**
   * How to freeze what is not piecewise linear (a tanh, a softmax within, a product of two activations), for all layers
   * or by layer. 'tangent' (default): W is the Jacobian at x, and b what the tangents leave over. 'gate': multiplicative
   * factors are frozen (attention weights, normalization scales, φ(z)/z), and b is made of the parameters alone.
   * Where a policy was needed, `exact` is false and `policies` names it.
   */
  policy?: PolicyChoice;
}

/** A weight of the model, and the numbers that it had. */
interface Weight {
  tensor: Tensor;
  data: object;
}

/** A model compiled for one input shape, ready to be run at any x of that shape. It holds no tensors of its own. */
export class Compiled {
  readonly plan: Plan;
  readonly cut: 'softmax' | 'sigmoid' | null;
  /** Names of the ends of the map. */
  readonly from: string;
  readonly to: string;
  /** The option `to` that gives this end. */
  readonly end: string;
  /** Names that `from` and `to` take, in the order of the network. */
  readonly layers: readonly string[];
  private readonly captured: Capture;
  /** The activations that the plan takes in place of x, where `from` is not what the rules can lead to. */
  private entry: readonly number[] | null = null;
  private programs: OnnxPrograms | undefined;

  /**
   * @param x any tensor of the shape that the model runs on; its numbers do not matter.
   * @param instances N, the number of instances in x.
   * @throws ModelError, DisconnectedError, OutputNameError, LayerNameError, LayerOrderError, PolicyError,
   *   UnsupportedKernelError
   */
  static async of(
    source: Source,
    x: Tensor,
    instances: number,
    options: CompileOptions = {},
  ): Promise<Compiled> {
    // Before the capture, so that a training step during it makes this plan stale.
    const weights = source.weights().map(tensor => ({ tensor, data: tensor.dataId }));
    return new Compiled(source, weights, await capture(source, x), instances, options);
  }

  private constructor(
    private readonly source: Source,
    private readonly weights: readonly Weight[],
    whole: Capture,
    instances: number,
    { from = INPUT, to, policy }: CompileOptions,
  ) {
    const atEnd = to === undefined || (to === LOGITS && !whole.layers.has(to));
    if (atEnd && whole.outputs !== undefined) throw new OutputNameError([...whole.outputs.moving.keys()]);
    const { capture: captured, cut } = cutFinalActivation(atEnd ? whole : endAtLayer(whole, to));
    const isAfterIntegers = from === INPUT && 'onnx' in source && isOfIntegers(source);
    const begin = isAfterIntegers ? (layerAfterIntegers(captured) ?? from) : from;
    this.captured = captured;
    assertNotEmpty(captured);
    this.cut = cut;
    this.to = cut !== null ? LOGITS : atEnd ? nameOfEnd(captured) : to;
    this.end = to ?? this.to;
    this.from = begin;
    this.layers = [...whole.layers.keys()];
    assertPolicy(policy, whole);
    const start = begin === INPUT && !whole.layers.has(begin) ? null : begin;
    if (start === null) this.plan = planOf(captured, instances, policy);
    else this.plan = this.planAfter(start, instances, policy);
  }

  /** Whether W acts on x, and not on an activation. */
  get startsAtInput(): boolean {
    return this.plan.input.node === this.plan.x;
  }

  /** Which axis of one instance of what W acts on holds the channels: the first of an image if the network reads it so, else the last. */
  get channelAxis(): number {
    const { captured, from, plan, source } = this;
    const start = this.startsAtInput ? captured.input.value : captured.layers.get(from);
    const instance = instanceShapeOf(plan.input.shape, plan.instances);
    const layout = 'onnx' in source && this.startsAtInput ? layoutOf(source) : undefined;
    const isFirst = () => (layout === undefined ? isChannelsFirst(captured, start!) : layout === 'NCHW');
    const first = start !== undefined && instance.length > 1 && isFirst();
    return first ? 0 : Math.max(0, instance.length - 1);
  }

  /** Which axis of one instance of F(x) holds the classes: the first of an image that the network makes so, else the last. */
  get classAxis(): number {
    const { captured, plan } = this;
    const instance = instanceShapeOf(plan.output.shape, plan.instances);
    return endsChannelsFirst(captured) ? 0 : Math.max(0, instance.length - 1);
  }

  /** Whether the model's weights have been replaced since, by training or by hand. */
  get isStale(): boolean {
    return this.isDisposed || this.weights.some(({ tensor, data }) => tensor.dataId !== data);
  }

  /** Whether the model has been disposed of. */
  get isDisposed(): boolean {
    const { constants } = this.plan.graph;
    const { source } = this;
    return (
      ('onnx' in source && source.onnx.isDisposed) ||
      this.weights.some(({ tensor }) => tensor.isDisposed) ||
      constants.some(constant => 'tensor' in constant && constant.tensor.isDisposed)
    );
  }

  /** Names that `from` accepts for a map to this end: the layers strictly between x and the end. */
  get starts(): string[] {
    const { layers, output, x } = this.plan;
    return this.layers.filter(name => {
      const value = layers.get(name);
      return value !== undefined && value.id !== output.id && value.node !== x;
    });
  }

  /** The frozen network at x, which the caller disposes. */
  async at(x: Tensor, executor: Executor, memory: number): Promise<FrozenNetwork> {
    const fed = await this.fed(x);
    try {
      if (executor === 'tfjs') return await TfjsNetwork.at(this.plan, fed, memory);
      return await OnnxNetwork.at(this.onnx(), this.plan, fed, memory);
    } finally {
      fed.dispose();
    }
  }

  /**
   * Nodes of the plan at x.
   * @param x in the plan's input shape, row major.
   * @param fed the numbers of another input of the plan that they need.
   * @returns their numbers, row major.
   */
  async numbersAt(
    x: Float32Array,
    nodes: readonly number[],
    executor: Executor,
    fed?: { node: number; numbers: Float32Array },
  ): Promise<Float32Array[]> {
    const { plan } = this;
    const inputs = [[plan.x, x] as const, ...(fed === undefined ? [] : [[fed.node, fed.numbers] as const])];
    if (executor === 'onnx') {
      const names = nodes.map((node, i) => [`result${i}`, node] as const);
      const named = <T>(of: (input: (typeof inputs)[number]) => T) =>
        Object.fromEntries(inputs.map((input, i) => [`input${i}`, of(input)]));
      const outputs = Object.fromEntries(names);
      const results = await this.onnx().run(
        named(([node]) => node),
        outputs,
        named(([, numbers]) => numbers),
      );
      return names.map(([name]) => results[name]);
    }
    const feeds = new Map(
      inputs.map(([node, numbers]) => [node, tf.tensor(numbers, [...plan.graph.shape(node)])]),
    );
    try {
      const results = await run(plan.graph, feeds, nodes, stepDone);
      const numbers = await Promise.all(results.map(result => result.data()));
      tf.dispose(results);
      return numbers as Float32Array[];
    } finally {
      tf.dispose([...feeds.values()]);
    }
  }

  /**
   * What the model itself gives at x where the map ends. The caller disposes it.
   * @throws ModelChangedError
   */
  async reference(x: Tensor): Promise<Tensor> {
    if (this.isStale) throw new ModelChangedError(this.isDisposed ? 'disposed' : 'changed');
    return referenceOutput(this.source, x, this.captured);
  }

  /**
   * F(x), b and chosen rows of W as the bytes of an ONNX model; see `Linearizer.save`.
   * @throws ModelError if something before `from` has no rule
   */
  onnxFile(rows: number, instance: readonly number[]): Uint8Array {
    if (this.entry !== null)
      throw new ModelError(
        `the map starts at '${this.from}', and not all that leads there has a rule, so no file can compute it from x. ` +
          `Make the rest a model of its own, and compile that.`,
      );
    const { x, u, y, w, b } = savedProgram(this.plan, rows, instance);
    return this.onnx().model({ x, u }, { y, w, b });
  }

  /**
   * The plan of a map that starts at a layer. What lies before the layer and has no rule is computed by the model itself.
   * @throws LayerNameError, LayerOrderError, UnsupportedKernelError
   */
  private planAfter(from: string, instances: number, policy: PolicyChoice | undefined): Plan {
    const { captured } = this;
    if (!this.layers.includes(from)) throw new LayerNameError(from, this.layers);
    const start = captured.layers.get(from);
    const tail = start === undefined ? null : startAt(captured, start);
    if (tail === null) throw new LayerOrderError(from, this.to);
    try {
      const plan = planOf(captured, instances, policy);
      const value = plan.layers.get(from);
      if (value !== undefined) return startingAt(plan, value);
    } catch (error) {
      if (!(error instanceof UnsupportedKernelError)) throw error;
    }
    this.entry = [tail.capture.input, ...tail.sides].map(({ value }) => value);
    return planOfTail(tail, instances, policy);
  }

  /** What the plan takes at x; the caller disposes it. */
  private async fed(x: Tensor): Promise<Tensor> {
    if (this.entry === null) return x.clone();
    const { source, captured, entry, plan } = this;
    const activations = await activationsAt(source, x, captured, entry);
    try {
      return tf.tidy(() =>
        tf.concat(activations.map(t => t.toFloat().flatten())).reshape([...plan.inputShape]),
      );
    } finally {
      tf.dispose(activations);
    }
  }

  /** Frees the sessions of onnxruntime, which are made again when they are needed again. */
  release(): void {
    this.programs?.release();
  }

  /** The plan's parts for onnxruntime. */
  onnx(): OnnxPrograms {
    this.programs ??= new OnnxPrograms(this.plan.graph);
    return this.programs;
  }
}

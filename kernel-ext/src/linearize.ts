import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { inputShape, sourceOf, type Model, type Source } from './capture/source';
import { DtypeError, LabelsError, NonFiniteInputError, NonFiniteOutputError } from './errors';
import { Compiled, type Executor } from './linear-map/compiled';
import { DEFAULT_MEMORY, type FrozenNetwork } from './linear-map/frozen-network';
import { Linearization } from './linearization';

export interface LinearizeOptions {
  /** The layer at which the map ends. Default: the model's output, without a final softmax or sigmoid. */
  to?: string;
  /** Names of the outputs, one each. Default: '0', '1', … */
  labels?: readonly string[];
  /** Bytes that stacks of rows may take at once. Default: 256 MiB. */
  memory?: number;
  /**
   * What computes. 'tfjs' (default) starts at once and runs on the backend of TensorFlow.js. 'onnx' compiles a static
   * graph for onnxruntime at the first call for a model and a shape, then gives F(x), b and all of W in one run.
   */
  executor?: Executor;
}

/**
 * Takes a network apart at one input: F(x) = W·x + b, exactly, as long as the network is piecewise linear
 * (arXiv 2310.16295). One forward pass at x; rows of W are computed when they are asked for.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, or a function from a tensor to a tensor.
 * @param x one instance [...inputShape] or a batch [N, ...inputShape], float32, as a tensor (which stays the caller's)
 *   or a nested array. A function gets x as it is, as one instance.
 * @returns the linearization, which the caller disposes.
 * @throws ShapeError, EmptyInputError, DtypeError, NonFiniteInputError if x does not fit;
 *   ModelError, UnsupportedKernelError, DisconnectedError, LayerNameError, NonFiniteOutputError if the model does not;
 *   LabelsError. No tensor is left behind then.
 */
export async function linearize(
  model: Model,
  x: Tensor | TensorLike,
  options: LinearizeOptions = {},
): Promise<Linearization> {
  const source = sourceOf(model);
  const input = x instanceof tf.Tensor ? tf.clone(x) : tf.tensor(x);
  let run: Tensor | undefined;
  let network: FrozenNetwork | undefined;
  try {
    if (input.dtype !== 'float32') throw new DtypeError(input.dtype);
    const shape = inputShape(source, input.shape);
    const numbers = await input.data<'float32'>();
    assertFiniteInput(numbers, input.shape);
    run = tf.tensor(numbers, shape.run);
    const compiled = compiledFor(source, run, shape.instances, options.to);
    const { plan, cut, to } = compiled;
    const labels = labelsFor(plan.outputs, options.labels);
    network = await compiled.at(run, options.executor ?? 'tfjs', options.memory ?? DEFAULT_MEMORY);
    await assertFiniteOutput(network.output);
    return new Linearization(
      input,
      network,
      { instance: shape.instance, batch: shape.batched ? shape.instances : null },
      { from: 'input', to, cut, labels, policies: plan.policies },
      () => tf.tidy(() => compiled.reference(input.reshape(shape.run))),
    );
  } catch (error) {
    input.dispose();
    network?.dispose();
    throw error;
  } finally {
    run?.dispose();
  }
}

/** What was compiled for a model, by input shape and target. */
const cache = new WeakMap<object, Map<string, Compiled>>();

function compiledFor(source: Source, x: Tensor, instances: number, to: string | undefined): Compiled {
  if (source.key === undefined) return new Compiled(source, x, instances, to);
  const known = cache.get(source.key) ?? new Map<string, Compiled>();
  cache.set(source.key, known);
  const key = JSON.stringify([x.shape, to]);
  const last = known.get(key);
  if (last?.isStale === false) return last;
  const compiled = new Compiled(source, x, instances, to);
  known.set(key, compiled);
  return compiled;
}

function labelsFor(outputs: number, labels: readonly string[] | undefined): readonly string[] {
  if (labels === undefined) return Array.from({ length: outputs }, (_, i) => String(i));
  if (labels.length !== outputs) throw new LabelsError(labels.length, outputs);
  return labels.map(String);
}

function assertFiniteInput(values: Float32Array, shape: readonly number[]): void {
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteInputError(indexOf(at, shape), values[at]);
}

async function assertFiniteOutput(output: Tensor): Promise<void> {
  const values = await output.data<'float32'>();
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteOutputError(at, values[at]);
}

/** Row-major position as an index an axis. */
function indexOf(at: number, shape: readonly number[]): number[] {
  return shape.reduceRight<{ left: number; index: number[] }>(
    ({ left, index }, d) => ({ left: Math.floor(left / d), index: [left % d, ...index] }),
    { left: at, index: [] },
  ).index;
}

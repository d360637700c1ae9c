import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { capture, cutFinalActivation, endAt, referenceOutput } from './capture/capture';
import type { Capture } from './capture/kernel-call';
import { inputShape, sourceOf, type Model, type Source } from './capture/source';
import { DtypeError, LabelsError, LayerNameError, NonFiniteInputError, NonFiniteOutputError } from './errors';
import { DEFAULT_MEMORY, FrozenNetwork } from './linear-map/network';
import { Linearization } from './linearization';
import { planOf, type Plan } from './plan/plan';

export interface LinearizeOptions {
  /** The layer at which the map ends. Default: the model's output, without a final softmax or sigmoid. */
  to?: string;
  /** Names of the outputs, one each. Default: '0', '1', … */
  labels?: readonly string[];
  /** Bytes that stacks of rows may take at once. Default: 256 MiB. */
  memory?: number;
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
    await assertFiniteInput(input);
    run = input.reshape(shape.run);
    const { plan, cut, to, captured } = compiledFor(source, run, shape.instances, options.to);
    const labels = labelsFor(plan, options.labels);
    network = new FrozenNetwork(plan, run, options.memory ?? DEFAULT_MEMORY);
    await assertFiniteOutput(network.output);
    return new Linearization(
      input,
      network,
      { instance: shape.instance, batch: shape.batched ? shape.instances : null },
      { from: 'input', to, cut, labels, policies: plan.policies },
      () => tf.tidy(() => referenceOutput(source, input.reshape(shape.run), captured)),
    );
  } catch (error) {
    input.dispose();
    network?.dispose();
    throw error;
  } finally {
    run?.dispose();
  }
}

/** A plan and what it was made from. */
interface Compiled {
  plan: Plan;
  captured: Capture;
  cut: Linearization['cut'];
  to: string;
}

interface CacheEntry extends Compiled {
  weights: { tensor: Tensor; data: object }[];
}

/** Plans by model, then by input shape and target. They hold no tensors of their own. */
const cache = new WeakMap<object, Map<string, CacheEntry>>();

function compiledFor(source: Source, x: Tensor, instances: number, to: string | undefined): Compiled {
  if (source.key === undefined) return compile(source, x, instances, to);
  const plans = cache.get(source.key) ?? new Map<string, CacheEntry>();
  cache.set(source.key, plans);
  const key = JSON.stringify([x.shape, to]);
  const known = plans.get(key);
  if (known?.weights.every(({ tensor, data }) => !tensor.isDisposed && tensor.dataId === data)) return known;
  const entry = {
    ...compile(source, x, instances, to),
    weights: source.weights().map(tensor => ({ tensor, data: tensor.dataId })),
  };
  plans.set(key, entry);
  return entry;
}

function compile(source: Source, x: Tensor, instances: number, to: string | undefined): Compiled {
  const whole = capture(source, x);
  const { capture: captured, cut } = cutFinalActivation(to === undefined ? whole : endAtLayer(whole, to));
  const last = captured.calls.at(-1)?.layer ?? 'input';
  return { plan: planOf(captured, instances), captured, cut, to: cut === null ? last : 'logits' };
}

function endAtLayer(captured: Capture, to: string): Capture {
  const value = captured.layers.get(to);
  const output = captured.calls.flatMap(call => call.outputs).find(o => o.value === value);
  if (output === undefined) throw new LayerNameError(to, [...captured.layers.keys()]);
  return endAt(captured, output);
}

function labelsFor(plan: Plan, labels: readonly string[] | undefined): readonly string[] {
  if (labels === undefined) return Array.from({ length: plan.outputs }, (_, i) => String(i));
  if (labels.length !== plan.outputs) throw new LabelsError(labels.length, plan.outputs);
  return labels.map(String);
}

async function assertFiniteInput(input: Tensor): Promise<void> {
  const values = await input.data<'float32'>();
  const at = values.findIndex(v => !Number.isFinite(v));
  if (at >= 0) throw new NonFiniteInputError(indexOf(at, input.shape), values[at]);
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

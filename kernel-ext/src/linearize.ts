import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Tensor, TensorLike } from '@tensorflow/tfjs';
import { inputShape, sourceOf, type Model, type Source } from './capture/source';
import { DtypeError } from './errors';
import type { CompileOptions } from './linear-map/compiled';
import type { Linearization } from './linearization';
import { Linearizer, type RunOptions } from './linearizer';

/** Options of `linearize`: where the map starts and ends, and how it is computed. */
export interface LinearizeOptions extends CompileOptions, RunOptions {}

/** Points that a network has placed, as an `Embedding` holds them. */
export interface Placed {
  readonly model: LayersModel;
  /** How many there are. */
  readonly length: number;
  /** Names of the outputs. */
  readonly axes: readonly string[];
  /** One point [...instance], or several [M, ...instance]; the caller disposes them. */
  pick(which: number | readonly number[]): Tensor;
}

/**
 * Takes a network apart at one input: F(x) = W·x + b, exactly, as long as the network is piecewise linear
 * (arXiv 2310.16295). One forward pass at x; rows of W are computed when they are asked for. What was compiled for a
 * model and a shape is kept, for as long as the model lives; `compile` gives it to you.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, or a function from a tensor to a tensor.
 * @param x one instance [...inputShape] or a batch [N, ...inputShape], float32, as a tensor (which stays the caller's)
 *   or a nested array. A function gets x as it is, as one instance.
 * @returns the linearization, which the caller disposes.
 * @throws ShapeError, EmptyInputError, DtypeError, NonFiniteInputError if x does not fit;
 *   ModelError, UnsupportedKernelError, DisconnectedError, LayerNameError, NonFiniteOutputError if the model does not;
 *   LabelsError, PolicyError. No tensor is left behind then.
 */
export function linearize(
  model: Model,
  x: Tensor | TensorLike,
  options?: LinearizeOptions,
): Promise<Linearization>;
/**
 * Why a point of a map is where it is: the same for the network and the points of an embedding.
 * @param which the index of a point, or several, which then are a batch
 */
export function linearize(
  embedding: Placed,
  which: number | readonly number[],
  options?: LinearizeOptions,
): Promise<Linearization>;
/**
 * All points of an embedding, in batches in their order; a batch lives until the next one is asked for.
 * @param options block: points of a batch, default 250
 */
export function linearize(
  embedding: Placed,
  which?: 'all',
  options?: LinearizeOptions & { block?: number },
): AsyncGenerator<Linearization, void>;
export function linearize(
  subject: Model | Placed,
  where: Tensor | TensorLike | 'all' = 'all',
  options: LinearizeOptions & { block?: number } = {},
): Promise<Linearization> | AsyncGenerator<Linearization, void> {
  if (!isPlaced(subject)) return linearizeAt(subject, where, options);
  if (where === 'all') return linearizeAll(subject, options);
  return linearizePoints(subject, where as number | readonly number[], options);
}

const isPlaced = (subject: Model | Placed): subject is Placed =>
  typeof subject === 'object' && subject !== null && 'pick' in subject && 'model' in subject;

async function linearizePoints(
  placed: Placed,
  which: number | readonly number[],
  options: LinearizeOptions,
): Promise<Linearization> {
  const points = placed.pick(which);
  try {
    return await linearizeAt(placed.model, points, { labels: placed.axes, ...options });
  } finally {
    points.dispose();
  }
}

/** Points of a batch, unless the caller says otherwise. */
const BLOCK = 250;

async function* linearizeAll(
  placed: Placed,
  { block = BLOCK, ...options }: LinearizeOptions & { block?: number },
): AsyncGenerator<Linearization, void> {
  for (let begin = 0; begin < placed.length; begin += block) {
    const length = Math.min(block, placed.length - begin);
    const indices = Array.from({ length }, (_, i) => begin + i);
    const lin = await linearizePoints(placed, indices, options);
    try {
      yield lin;
    } finally {
      lin.dispose();
    }
  }
}

async function linearizeAt(
  model: Model,
  x: Tensor | TensorLike,
  options: LinearizeOptions,
): Promise<Linearization> {
  const source = sourceOf(model);
  const input = x instanceof tf.Tensor ? tf.clone(x) : tf.tensor(x);
  try {
    return await linearizerFor(source, input, options).linearize(input, options);
  } finally {
    input.dispose();
  }
}

/**
 * Compiles a model for one input shape: its linearizer can be asked for the map at any x, be printed, and be saved as an
 * ONNX model.
 *
 * @param model as for `linearize`. A function is compiled as it is now: it must do the same to every x.
 * @param shape [...inputShape] of one instance, or [N, ...inputShape] of a batch, for which `save` then writes.
 * @throws ShapeError, EmptyInputError, ModelError, UnsupportedKernelError, DisconnectedError, LayerNameError
 */
export function compile(model: Model, shape: readonly number[], options: CompileOptions = {}): Linearizer {
  const source = sourceOf(model);
  return new Linearizer(source, inputShape(source, [...shape]), options);
}

/** Linearizers of a model by instance shape and options, the last used one last. */
const cache = new WeakMap<object, Map<string, Linearizer>>();
const LINEARIZERS_KEPT = 8;

function linearizerFor(source: Source, x: Tensor, { to, policy }: CompileOptions): Linearizer {
  if (x.dtype !== 'float32') throw new DtypeError(x.dtype);
  const shape = inputShape(source, x.shape);
  if (source.key === undefined) return new Linearizer(source, shape, { to, policy }, x);
  const known = cache.get(source.key) ?? new Map<string, Linearizer>();
  cache.set(source.key, known);
  const key = JSON.stringify([shape.instance, to, policy]);
  const linearizer = known.get(key) ?? new Linearizer(source, shape, { to, policy }, x);
  known.delete(key);
  known.set(key, linearizer);
  for (const [old] of known) if (known.size > LINEARIZERS_KEPT) known.delete(old);
  return linearizer;
}

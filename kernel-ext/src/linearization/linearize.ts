import type { LayersModel, Tensor, TensorLike } from '@tensorflow/tfjs';
import {
  isNamed,
  sideBySide,
  sideBySideOf,
  type NamedInputs,
  type NamedShapes,
} from '../capture/side-by-side';
import { OptionError } from '../errors';
import { checkOptions, COMPILE, RUN } from '../errors/check-options';
import {
  inputShape,
  sourceOf,
  takesIntegers,
  type Model,
  type NamedModel,
  type Source,
} from '../capture/source';
import { entryNames } from '../input/named-entries';
import { heldIn } from '../capture/onnx-source';
import { inputTensor } from '../input/input-tensor';
import type { CompileOptions } from '../linear-map/compiled';
import { checkedInput, type CheckedInput } from './checked-input';
import { CompiledModel } from './compiled-model';
import type { Linearization } from './linearization';
import { linearizeAt } from './linearize-at';
import { Linearizer } from './linearizer';
import { Recent } from './recent';
import type { RunOptions } from './run-options';

/** Options of `linearize`: where the map starts and ends, and how it is computed. */
export interface LinearizeOptions extends CompileOptions, RunOptions {}

/** Points that a network has embedded, as an `Embedding` has them. */
export interface Placed {
  readonly model: LayersModel;
  /** Names of the outputs. */
  readonly axes: readonly string[];
  /** Names of the numbers of a point; null if they have none. */
  readonly features?: readonly string[] | null;
  /** The point of an index, [...instance], or of several, [M, ...instance]; the caller disposes them. */
  pick(which: number | readonly number[]): Tensor;
}

/**
 * Takes a network apart at one input: F(x) = W·x + b, exactly, where the network is piecewise linear
 * (arXiv 2310.16295). One forward pass at x; rows of W are computed when they are asked for. The result of
 * compiling a model for a shape is kept for as long as the model lives; `compile` returns it.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, an ONNX model from `loadOnnx`, a function from a tensor to a tensor, or an
 *   embedding, for which the map explains why a point has its coordinates.
 * @param x one instance [...inputShape] or a batch [N, ...inputShape], float32, as a tensor (which stays the caller's)
 *   or a nested array; integers, such as token ids, where the model takes them or the map starts after them. A function gets x unchanged, as one instance. For an embedding: the index of a point, or several.
 *   Several inputs are given by name, {a: …, b: …}; W then acts on the vector of all of them, side by side, and
 *   `lin.byInput` cuts a row into its parts. An ONNX model's inputs of integers beside floats are held at their values, and each
 *   instance of a batch may have its own; where all are integers, the map starts after the embedding or the one-hot. If the model has
 *   several outputs, {to: name} chooses the one at which the map ends.
 * @returns the linearization, which the caller disposes.
 * @throws ShapeError, EmptyInputError, DtypeError, InputValueError, RaggedInputError, NonFiniteInputError if x does not fit;
 *   InputNamesError, OutputNameError, ModelError, UnsupportedKernelError, DisconnectedError, LayerNameError, LayerOrderError, NonFiniteOutputError
 *   if the model or the options do not; NameCountError, TokensError, LabelsError, PolicyError, OptionError, AbortError. No tensor is left behind then.
 *
 * @example
 * const lin = await linearize(model, digits.instance(0));
 * plot(lin);
 * await lin.contribution(7); // what each pixel adds to output 7
 */
export async function linearize(
  model: Model | Placed,
  x: Tensor | TensorLike,
  options?: LinearizeOptions,
): Promise<Linearization>;
export async function linearize(
  model: NamedModel,
  x: NamedInputs,
  options?: LinearizeOptions,
): Promise<Linearization>;
export async function linearize(
  model: Model | NamedModel | Placed,
  x: Tensor | TensorLike | NamedInputs,
  options: LinearizeOptions = {},
): Promise<Linearization> {
  checkOptions('linearize', options, RUN);
  const prepared = await prepareInput(model, x, options);
  const { labels, features } = prepared;
  return linearizeAt(prepared.model, prepared.input, { labels, ...options, features });
}

/** An input that has been read for a model. */
export interface ReadInput {
  source: Source;
  /** The caller disposes its x. */
  input: CheckedInput;
  /** Names of the outputs, if the model has any. */
  labels?: readonly string[];
  /** Names of the numbers at which the map starts, if they have any. */
  features?: readonly string[];
}

/** An input, and the model compiled for it. */
export interface PreparedInput extends Omit<ReadInput, 'source'> {
  model: CompiledModel;
}

/** @throws as `linearize` where x, the model, or the options do not fit; no tensor is left behind then. */
export async function prepareInput(
  model: Model | NamedModel | Placed,
  x: Tensor | TensorLike | NamedInputs,
  options: CompileOptions,
): Promise<PreparedInput> {
  const { source, ...read } = readInput(model, x, options);
  try {
    return { ...read, model: await compiledFor(source, read.input, options) };
  } catch (error) {
    read.input.x.dispose();
    throw error;
  }
}

/** Copies x at once, so that the caller may change or dispose it afterwards. @throws as `linearize` where x does not fit the model */
export function readInput(
  model: Model | NamedModel | Placed,
  x: Tensor | TensorLike | NamedInputs,
  options: CompileOptions,
): ReadInput {
  // What lies before `from` need not have a slope.
  const integers = options.from !== undefined;
  if (isNamed(x)) {
    const { source, x: vector } = sideBySide(sourceOf(model as NamedModel), x, integers);
    return { source, input: checkedInput(source, vector) };
  }
  if (isPlaced(model)) {
    const points = model.pick(x as number | readonly number[]);
    const features = options.from === undefined ? (model.features ?? undefined) : undefined;
    const source = sourceOf(model.model);
    return { source, input: checkedInput(source, points), labels: model.axes, features };
  }
  const source = sourceOf(model);
  const read = inputTensor(x, { integers: integers || takesIntegers(source, 0) });
  const features = options.from === undefined ? entryNames(x) : undefined;
  return { source, input: checkedInput(source, read), features };
}

const isPlaced = (model: Model | NamedModel | Placed): model is Placed =>
  typeof model === 'object' && model !== null && 'pick' in model && 'model' in model;

/**
 * Compiles a model for one input shape: its linearizer can be asked for the map at any x, be printed, and be saved as an
 * ONNX model.
 *
 * @param model as for `linearize`. A function is compiled as it is now, so it must do the same for every x.
 * @param shape [...inputShape] of one instance, or [N, ...inputShape] of a batch, which is then the shape of `save`; for several
 *   inputs by name, {a: [...], b: [...]}.
 * @throws ShapeError, EmptyInputError, InputNamesError, InputValueError, ModelError, UnsupportedKernelError, DisconnectedError,
 *   LayerNameError, OnnxError
 *
 * @example
 * const linearizer = await compile(model, [28, 28, 1]);
 * await linearizer.save('w.onnx');
 */
export async function compile(
  model: Model,
  shape: readonly number[],
  options?: CompileOptions,
): Promise<Linearizer>;
export async function compile(
  model: NamedModel,
  shapes: NamedShapes,
  options?: CompileOptions,
): Promise<Linearizer>;
export async function compile(
  model: Model | NamedModel,
  shape: readonly number[] | NamedShapes,
  options: CompileOptions = {},
): Promise<Linearizer> {
  checkOptions('compile', options, COMPILE);
  if (!Array.isArray(shape) && !isNamed(shape))
    throw new OptionError('compile', 'shape', shape, 'the shape of one instance, such as [28, 28, 1]');
  if (Array.isArray(shape)) {
    const source = sourceOf(model);
    return new Linearizer(await CompiledModel.of(source, inputShape(source, shape as number[]), options));
  }
  const together = sideBySideOf(sourceOf(model), shape as NamedShapes);
  return new Linearizer(
    await CompiledModel.of(together.source, inputShape(together.source, together.shape), options),
  );
}

/** Compiled models by instance shape and options. */
const cache = new WeakMap<object, Recent<string, CompiledModel>>();
const MODELS_KEPT = 8;

/** The model compiled for an input, which stays the caller's. */
export async function compiledFor(
  source: Source,
  { x, shape }: CheckedInput,
  { from, to, policy }: CompileOptions,
): Promise<CompiledModel> {
  if (source.key === undefined) return CompiledModel.of(source, shape, { from, to, policy }, x);
  const known = cache.get(source.key) ?? new Recent<string, CompiledModel>(MODELS_KEPT);
  cache.set(source.key, known);
  const key = JSON.stringify([source.parts ?? shape.instance, heldIn(source), from, to, policy]);
  return known.get(key, () => CompiledModel.of(source, shape, { from, to, policy }));
}

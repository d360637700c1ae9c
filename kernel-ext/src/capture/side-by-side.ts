import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import {
  EmptyInputError,
  InputNamesError,
  InputValueError,
  ModelError,
  NamedBatchError,
  ShapeError,
} from '../errors';
import { isPromise } from '../errors/shown-value';
import { inputTensor, isImageData } from '../input/input-tensor';
import { held, isMoving, type GivenInput, type HeldInput } from './onnx-source';
import {
  isShape,
  takesIntegers,
  type InputPart,
  type ModelInput,
  type NamedTensors,
  type Source,
} from './source';

/** Inputs by name, each one instance or a batch. */
export type NamedInputs = Readonly<Record<string, Tensor | TensorLike>>;

/** Their shapes by name, each of one instance or of a batch. */
export type NamedShapes = Readonly<Record<string, readonly number[]>>;

/** Several inputs as one: a vector in which they lie side by side, in the model's order. */
export interface SideBySide {
  source: Source;
  /** [D], or [N, D] for a batch; D is the sum of the inputs' sizes. The caller disposes it. */
  x: Tensor;
}

/** A stack of such vectors, [..., D], cut into the inputs, each [..., ...shape]; the caller disposes them. */
export function byInput(vectors: Tensor, parts: readonly InputPart[]): Record<string, Tensor> {
  const lead = vectors.shape.slice(0, -1);
  const sizes = parts.map(({ size }) => size);
  const cut = tf.tidy(() =>
    tf.split(vectors, sizes, -1).map((t, i) => t.reshape([...lead, ...parts[i].shape])),
  );
  return Object.fromEntries(parts.map(({ name }, i) => [name, cut[i]]));
}

/** Whether x is given by name. */
export function isNamed(x: unknown): x is NamedInputs {
  if (typeof x !== 'object' || x === null || Array.isArray(x) || x instanceof tf.Tensor) return false;
  const isBytes = ArrayBuffer.isView(x) || x instanceof ArrayBuffer;
  return !isBytes && !isPromise(x) && !isImageData(x);
}

/**
 * @param source the model, or one whose inputs lie side by side already: then x must have the same shapes.
 * @param integers whether integers and booleans are read as float32, even where the model takes float32.
 * @throws InputNamesError, NamedBatchError, ShapeError, EmptyInputError, ModelError, and as `inputTensor`; no tensor is left behind then.
 */
export function sideBySide(source: Source, x: NamedInputs, integers = false): SideBySide {
  const expected: readonly Expected[] | undefined = source.parts ?? source.inputs;
  const names = expected?.map(({ name }) => name) ?? Object.keys(x);
  const same = names.length > 0 && names.length === Object.keys(x).length;
  if (!same || names.some(name => !Object.hasOwn(x, name))) throw new InputNamesError(names, Object.keys(x));
  let result!: SideBySide;
  tf.tidy(() => {
    const tensors = names.map((name, i) => checked(x[name], name, integers || takesIntegers(source, i)));
    const batches = names.map((_, i) =>
      expected === undefined ? null : batchOf(expected[i], tensors[i].shape),
    );
    const moving = names.map((_, i) => source.parts !== undefined || isMoving(source, i));
    const counts = batches.filter((count, i) => moving[i] && count !== undefined);
    const batch = counts[0] ?? null;
    // One value at which an input is held serves all instances.
    const isOne = (count: number | null | undefined) => count === undefined || count === null || count === 1;
    const other = batches.findIndex(
      (count, i) => count !== batch && !(moving[i] ? count === undefined : isOne(count)),
    );
    if (other >= 0) {
      const instances = Object.fromEntries(names.map((name, i) => [name, batches[i] ?? null]));
      const { name, shape } = expected![other];
      throw new NamedBatchError(instances, [batch, ...shape], tensors[other].shape, name);
    }
    if (batch !== null && batch > 1) assertNoScalars(source);
    const entries = names.map((name, i) => ({ name, tensor: tensors[i], count: batches[i] }));
    const inX = entries.filter((_, i) => moving[i]);
    const parts = partsOf(inX);
    const rows = inX.map(({ tensor }, i) =>
      tensor.reshape(batch === null ? [parts[i].size] : [batch, parts[i].size]),
    );
    const kept = held(entries.filter((_, i) => !moving[i]));
    result = {
      source: source.parts === undefined ? packed(source, parts, kept) : source,
      x: tf.keep(tf.concat(rows, -1)),
    };
  });
  return result;
}

/** The source with its inputs side by side, and the shape of x then, [D] or [N, D]. @throws as `sideBySide` */
export function sideBySideOf(source: Source, shapes: NamedShapes): { source: Source; shape: number[] } {
  assertShapes(shapes);
  const zeros = Object.entries(shapes).map(([name, shape]) => [name, tf.zeros([...shape])] as const);
  try {
    assertNothingHeld(source);
    const { source: packed, x } = sideBySide(source, Object.fromEntries(zeros));
    x.dispose();
    return { source: packed, shape: x.shape };
  } finally {
    tf.dispose(zeros.map(([, t]) => t));
  }
}

/** A shape does not tell the values at which inputs are held. @throws ModelError */
function assertNothingHeld(source: Source): void {
  const held = source.inputs?.filter((_, i) => !isMoving(source, i)).map(({ name }) => `'${name}'`) ?? [];
  if (held.length > 0)
    throw new ModelError(
      `the model's integer inputs ${held.join(', ')} are held at their values, which a shape does not tell, so it cannot be ` +
        `compiled for all of them. Use linearize(model, {…}), which knows the values.`,
    );
}

/** @throws InputValueError */
function assertShapes(shapes: unknown): void {
  const advice = 'Give the shape of one instance, such as [28, 28, 1], or one for each input by name.';
  if (!isNamed(shapes)) throw new InputValueError([], String(shapes), advice, 'compile', 'shape');
  for (const [name, shape] of Object.entries(shapes))
    if (!isShape(shape)) throw new InputValueError([], JSON.stringify(shape), advice, 'compile', name);
}

/** The model with its inputs cut out of one vector. */
function packed(source: Source, parts: InputPart[], kept: readonly HeldInput[]): Source {
  const { inputs } = source;
  const width = parts.reduce((sum, { size }) => sum + size, 0);
  const facts = {
    instance: inputs === undefined ? undefined : [width],
    whole: false,
    oneByOne: source.oneByOne === true || movingWhole(source) !== undefined,
    parts,
  };
  if ('onnx' in source) return { ...source, ...facts, held: kept };
  return {
    ...source,
    ...facts,
    run(x) {
      const rows = x.reshape([-1, width]);
      const named: [string, Tensor][] = parts.map(({ name, shape, begin, size }, i) => {
        const part = rows.slice([0, begin], [-1, size]);
        const axis = inputs === undefined || inputs[i].whole === true ? [] : [-1];
        return [name, part.reshape([...axis, ...shape])];
      });
      return source.runNamed(Object.fromEntries(named) as NamedTensors);
    },
  };
}

function partsOf(entries: readonly GivenInput[]): InputPart[] {
  let begin = 0;
  return entries.map(({ name, tensor, count }) => {
    const shape = tensor.shape.slice(typeof count === 'number' ? 1 : 0);
    const part = { name, shape, begin, size: shape.reduce((a, b) => a * b, 1) };
    begin += part.size;
    return part;
  });
}

/** An input that moves with x and has no axis of instances. */
const movingWhole = (source: Source): ModelInput | undefined =>
  source.inputs?.find((input, i) => input.whole === true && isMoving(source, i));

/** A scalar such as `keep_prob`, or an array without an axis of instances, acts on the whole batch, so no instance has a map of its own. @throws ModelError */
function assertNoScalars(source: Source): void {
  const one = movingWhole(source);
  if (one !== undefined)
    throw new ModelError(
      `the model's input '${one.name}' is one ${one.shape.length === 0 ? 'number' : 'array'} for a whole batch. ` +
        `Pass one instance at a time.`,
    );
}

function checked(x: Tensor | TensorLike, name: string, integers: boolean): Tensor {
  const tensor = inputTensor(x, { argument: name, integers });
  if (tensor.size === 0) throw new EmptyInputError(tensor.shape);
  return tensor;
}

/** An input as a model takes it. */
type Expected = Pick<ModelInput, 'name' | 'shape' | 'whole'> | InputPart;

/** N for a batch, null for one instance, undefined where the input has no axis of instances. */
function batchOf(input: Expected, shape: readonly number[]): number | null | undefined {
  const { name, shape: expected } = input;
  const fits = (s: readonly number[]) =>
    s.length === expected.length && expected.every((d, i) => d === null || d === s[i]);
  if (fits(shape)) return 'whole' in input && input.whole === true ? undefined : null;
  if (shape.length > 0 && fits(shape.slice(1))) return shape[0];
  throw new ShapeError(expected, shape, name);
}

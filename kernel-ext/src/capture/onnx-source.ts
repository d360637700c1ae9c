import * as tf from '@tensorflow/tfjs';
import type { DataType, Tensor } from '@tensorflow/tfjs';
import { ModelError } from '../errors';
import type { OnnxNode } from '../onnx-file/graph';
import { layerNames } from '../onnx-file/layer-names';
import { type OnnxModel, partsOf } from '../onnx-file/onnx-model';
import type { OnnxFeed } from './record-onnx';
import { activityOf } from './onnx-activity';
import type { ModelInput, SourceFacts } from './model-input';

/** An input that is held at its value while x moves, such as a sampling rate beside a sound. */
export interface HeldInput {
  name: string;
  /** Those of one instance if all have the same; otherwise those of each, one after another. */
  numbers: Float32Array;
  /** Shape of one instance, or of all where it has no axis of instances. */
  shape: readonly number[];
  /** How many instances have numbers of their own; 1 if all have the same. */
  instances: number;
}

/** A model from an ONNX file. Where it takes integers beside floats, the integers are held and only the floats move. */
export interface OnnxSource extends SourceFacts {
  onnx: OnnxModel;
  inputs: readonly ModelInput[];
  held: readonly HeldInput[];
}

/** @throws ModelError if it has been disposed of or takes nothing */
export function onnxSource(model: OnnxModel): OnnxSource {
  if (model.isDisposed)
    throw new ModelError('the ONNX model has been disposed of. Load it again with loadOnnx(…).');
  if (model.inputs.length === 0)
    throw new ModelError('the ONNX model has no inputs, so no x can explain its outputs.');
  const inputs = model.inputs.map(inputOf);
  const [only] = inputs;
  return {
    onnx: model,
    inputs,
    ...(inputs.length === 1 ? { instance: only.shape, whole: only.whole } : {}),
    oneByOne: model.inputs.some(({ shape }) => shape.length > 1 && shape[0] === 1),
    held: [],
    weights: () => [],
    key: model,
  };
}

/** The first axis holds the instances where it is free or 1 and others follow it. */
function inputOf({ name, type, shape }: OnnxModel['inputs'][number]): ModelInput {
  const whole = shape.length < 2 || (typeof shape[0] === 'number' && shape[0] !== 1);
  const lengths = whole ? shape : shape.slice(1);
  return {
    name,
    shape: lengths.map(length => (typeof length === 'number' ? length : null)),
    dtype: dtypeOf(type),
    whole,
  };
}

const dtypeOf = (type: string): DataType =>
  type === 'bool' ? 'bool' : /^u?int/.test(type) ? 'int32' : 'float32';

/** Whether an input moves with x: every one, except for integers beside floats. */
export function isMoving(source: SourceFacts | OnnxSource, input: number): boolean {
  if (!('onnx' in source)) return true;
  const isFloat = ({ dtype }: ModelInput) => dtype === 'float32';
  return isFloat(source.inputs[input]) || !source.inputs.some(isFloat);
}

/** Whether x is integers alone, so that a map can start only after them. */
export const isOfIntegers = ({ inputs }: OnnxSource): boolean =>
  inputs.every(({ dtype }) => dtype !== 'float32');

/** Where the caller of loadOnnx said that images have their channels. */
export const layoutOf = ({ onnx }: OnnxSource) => partsOf(onnx).layout;

/** An input as the caller gave it: a batch of so many instances, null for one instance, undefined without an axis of instances. */
export interface GivenInput {
  name: string;
  tensor: Tensor;
  count: number | null | undefined;
}

/** Inputs that are held, each with the numbers of every instance where they differ from instance to instance. */
export function held(entries: readonly GivenInput[]): HeldInput[] {
  return entries.map(({ name, tensor, count }) => {
    const shape = tensor.shape.slice(typeof count === 'number' ? 1 : 0);
    const numbers = Float32Array.from(tensor.dataSync<'float32'>());
    const instances = typeof count === 'number' ? count : 1;
    const size = numbers.length / instances;
    const areSame = numbers.every((value, i) => value === numbers[i % size]);
    return areSame
      ? { name, shape, numbers: numbers.slice(0, size), instances: 1 }
      : { name, shape, numbers, instances };
  });
}

/** The inputs that are constants of what is compiled, with their numbers. */
export const heldIn = (source: SourceFacts | OnnxSource) =>
  'onnx' in source ? source.held.map(({ name, numbers, shape }) => [name, shape, [...numbers]] as const) : [];

/** Whether each instance of a batch has values of its own at which an input is held, and so a network of its own. */
export const isHeldApart = (source: SourceFacts | OnnxSource): boolean =>
  'onnx' in source && source.held.some(({ instances }) => instances > 1);

/** The source with the held inputs of one instance. */
export function heldAt<S extends SourceFacts | OnnxSource>(source: S, instance: number): S {
  if (!('onnx' in source)) return source;
  const own = source.held.map(input => {
    if (input.instances === 1) return input;
    const size = input.numbers.length / input.instances;
    const numbers = input.numbers.slice(instance * size, (instance + 1) * size);
    return { ...input, numbers, instances: 1 };
  });
  return { ...source, held: own };
}

/** Calls onnxruntime for x, with the inputs that are held. @throws ModelError if x is one tensor and the model takes several */
export async function runOnnx<T>(
  source: OnnxSource,
  x: Tensor,
  call: (feed: OnnxFeed) => Promise<T>,
): Promise<T> {
  const names = source.inputs.map(({ name }) => name);
  if (source.parts === undefined) assertOneInput(names);
  const tensors = source.held.map(input => [input.name, heldTensor(source, input, x.shape[0])] as const);
  try {
    return await call({ moving: source.parts ?? names[0], held: Object.fromEntries(tensors) });
  } finally {
    tf.dispose(tensors.map(([, t]) => t));
  }
}

/** A held input for a number of instances. */
function heldTensor({ inputs }: OnnxSource, { name, numbers, shape }: HeldInput, instances: number): Tensor {
  if (inputs.find(input => input.name === name)?.whole === true) return tf.tensor(numbers, [...shape]);
  return tf.tidy(() => tf.tile(tf.tensor(numbers, [1, ...shape]), [instances, ...shape.map(() => 1)]));
}

/** @throws ModelError if a model that was given one tensor has several inputs. */
export function assertOneInput(names: readonly string[]): void {
  if (names.length > 1)
    throw new ModelError(
      `the model has the inputs ${names.join(', ')}, and x is one tensor. Pass {${names.map(name => `${name}: …`).join(', ')}}.`,
    );
}

/** The nodes of a file that x goes through, each after those that it reads. */
export function movingNodes(model: OnnxModel): OnnxNode[] {
  const source = onnxSource(model);
  const { graph } = partsOf(model).file;
  const moving = source.inputs.filter((_, i) => isMoving(source, i)).map(({ name }) => name);
  const { nodes } = activityOf(graph, moving);
  return graph.nodes.filter(node => nodes.has(node));
}

/** The names of the layers that x goes through, in order, each once. */
export function onnxLayerNames({ onnx }: OnnxSource): string[] {
  const names = layerNames(partsOf(onnx).file.graph.nodes);
  return [...new Set(movingNodes(onnx).map(node => names.get(node)!))];
}

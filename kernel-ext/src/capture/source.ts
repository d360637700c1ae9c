import type { DataType, GraphModel, LayersModel, Sequential, Tensor } from '@tensorflow/tfjs';
import type { layers } from '@tensorflow/tfjs';
import { EmptyInputError, ModelError, ShapeError } from '../errors';
import { OnnxModel } from '../onnx-file/onnx-model';
import type { NamedTensors, SourceFacts } from './model-input';
import { assertOneInput, onnxLayerNames, onnxSource, type OnnxSource } from './onnx-source';

export type { InputPart, ModelInput, NamedTensors } from './model-input';

/** What can be linearized. Where there are several outputs, `to` chooses one; a function may return them by name. */
export type Model = LayersModel | GraphModel | OnnxModel | ((x: Tensor) => Tensor | NamedTensors);
/** The same for several inputs, which a function receives by name. */
export type NamedModel = LayersModel | GraphModel | OnnxModel | ((x: NamedTensors) => Tensor | NamedTensors);
type Layer = layers.Layer;

/** A model of TensorFlow.js. */
export interface TfSource extends SourceFacts {
  /** F on [N, ...instance] (or on x as it is, for a function); several outputs by name. */
  run(x: Tensor): Tensor | NamedTensors;
  /** F of inputs by name. */
  runNamed(x: NamedTensors): Tensor | NamedTensors;
  /** Layers whose calls name the kernels within; empty where the model has none. */
  layers: Layer[];
  /** A graph model, whose nodes name their calls. */
  graph?: GraphModel;
}

/** A model that can be run on x. */
export type Source = TfSource | OnnxSource;

export const isLayersModel = (m: object): m is LayersModel => 'layers' in m && 'apply' in m;
const isGraphModel = (m: object): m is GraphModel => 'execute' in m && 'modelSignature' in m;

/** How to run what the caller passed. @throws ModelError */
export function sourceOf(model: Model | NamedModel): Source {
  if (typeof model === 'function') {
    const run = model as (x: Tensor | NamedTensors) => Tensor | NamedTensors;
    return { run, runNamed: run, layers: [], weights: () => [] };
  }
  if (model instanceof OnnxModel) return onnxSource(model);
  if (typeof model === 'object' && model !== null) {
    if (isLayersModel(model)) return layersSource(model);
    if (isGraphModel(model)) return graphSource(model);
  }
  throw new ModelError(
    `the model is ${model === null ? 'null' : typeof model}; pass a tf.LayersModel, a tf.GraphModel, ` +
      `what loadOnnx gives, or a function from a tensor to a tensor. If it is a promise of a model, await it first.`,
  );
}

function layersSource(model: LayersModel): TfSource {
  if (!model.outputs?.length) {
    throw new ModelError(
      `the model '${model.name}' has no layers and so no weights. Add layers, the first one with an inputShape.`,
    );
  }
  // A sequential model that knows its input shape is built on first use, as in predict().
  if (!model.built) (model as Sequential).build();
  if (model.weights.some(isGone)) {
    throw new ModelError(
      `the weights of the model '${model.name}' have been disposed of. Load or build the model again.`,
    );
  }
  const names = model.inputNames;
  const dtypes = model.inputs.map(({ dtype }) => dtype);
  const outputs = outputNames(model);
  const apply = (x: Tensor | Tensor[]) => {
    assertStateless(model);
    return byName(outputs, model.apply(x, { training: false }) as Tensor | Tensor[]);
  };
  return {
    run: x => apply(cast(single(x, names), dtypes[0])),
    runNamed: x => apply(names.map((name, i) => cast(x[name], dtypes[i]))),
    inputs: names.map((name, i) => ({ name, shape: model.inputs[i].shape.slice(1), dtype: dtypes[i] })),
    instance: names.length === 1 ? model.inputs[0].shape.slice(1) : undefined,
    layers: allLayers(model),
    weights: () => model.weights.map(w => w.read()),
    key: model,
  };
}

/** What a model with one input is run on. @throws ModelError if it has several. */
function single(x: Tensor, names: readonly string[]): Tensor {
  assertOneInput(names);
  return x;
}

/** x is float32 in all that is computed here; a model that takes integers or booleans gets them. */
const cast = (x: Tensor, dtype: DataType | undefined): Tensor =>
  dtype === 'int32' || dtype === 'bool' ? x.cast(dtype) : x;

/** Whether the model takes integers or booleans, such as token ids, at one of its inputs. */
export function takesIntegers({ inputs }: Source, input: number): boolean {
  const dtype = inputs?.[input]?.dtype;
  return dtype === 'int32' || dtype === 'bool';
}

/** One output as it is, several by name. TensorFlow.js gives an output that is listed twice only once. */
function byName(names: readonly string[], outputs: Tensor | (Tensor | null)[]): Tensor | NamedTensors {
  const named = [outputs].flat().flatMap((t, i) => (t === null ? [] : [[names[i], t] as const]));
  return named.length === 1 ? named[0][1] : Object.fromEntries(named);
}

/** A name for each output: that of its layer. Further outputs of the same layer are 'name:1', 'name:2', … */
function outputNames({ outputNames: layers }: LayersModel): string[] {
  return layers.map((layer, i) => {
    const before = layers.slice(0, i).filter(other => other === layer).length;
    return before === 0 ? layer : `${layer}:${before}`;
  });
}

/** A weight of a disposed layer throws when it is read. */
function isGone(weight: LayersModel['weights'][number]): boolean {
  try {
    return weight.read().isDisposed;
  } catch {
    return true;
  }
}

/** A stateful layer gives something else at each call, so there is no F(x). @throws ModelError */
function assertStateless(model: LayersModel): void {
  const layer = allLayers(model).find(({ stateful }) => stateful);
  if (layer !== undefined)
    throw new ModelError(
      `the layer '${layer.name}' is stateful: what it gives depends on the inputs before x. Build the model without ` +
        `{stateful: true}, and give it the same weights with setWeights(…).`,
    );
}

/** The layers of a model, and each model inside it after its own layers. */
function allLayers(model: LayersModel): Layer[] {
  return model.layers.flatMap(layer => [
    ...(isLayersModel(layer) ? allLayers(layer as unknown as LayersModel) : []),
    layer as Layer,
  ]);
}

function graphSource(model: GraphModel): TfSource {
  const inputs = model.inputs.map(({ name, shape, dtype }) => ({
    name,
    shape: shape?.slice(1).map(d => (d > 0 ? d : null)),
    dtype,
    whole: shape?.length === 0,
  }));
  const names = inputs.map(({ name }) => name);
  const execute = (x: Tensor | NamedTensors) => byName(model.outputNodes, model.execute(x));
  return {
    run: x => execute(cast(single(x, names), inputs[0].dtype)),
    runNamed: x => execute(Object.fromEntries(inputs.map(({ name, dtype }) => [name, cast(x[name], dtype)]))),
    inputs: inputs.map(input => ({ ...input, shape: input.shape ?? [] })),
    graph: model,
    instance: names.length === 1 ? inputs[0].shape : undefined,
    layers: [],
    weights: () => Object.values(model.weights).flat(),
    key: model,
  };
}

/** The shapes of a call: what the model is run on, and how many instances that is. */
export interface InputShape {
  /** Shape that the model runs on, [N, ...instance] or the function's own. */
  run: number[];
  /** Shape of one instance. */
  instance: number[];
  /** N; 1 for a function. */
  instances: number;
  /** Whether the caller passed a batch, and so gets batches back. */
  batched: boolean;
}

/** Whether these are lengths of axes. */
export const isShape = (shape: unknown): boolean =>
  Array.isArray(shape) && shape.every(d => Number.isInteger(d) && d >= 0);

/** Matches x against the source. @throws ShapeError, EmptyInputError */
export function inputShape(source: Source, shape: number[]): InputShape {
  if (shape.includes(0)) throw new EmptyInputError(shape);
  const expected = source.instance;
  if (!isShape(shape)) throw new ShapeError(expected ?? shape.map(() => null), shape);
  if (expected === undefined) return { run: shape, instance: shape, instances: 1, batched: false };
  const fits = (s: number[]) =>
    s.length === expected.length && expected.every((d, i) => d === null || d === s[i]);
  if (source.whole === true) {
    if (!fits(shape)) throw new ShapeError(expected, shape);
    return { run: shape, instance: shape, instances: 1, batched: false };
  }
  if (fits(shape)) return { run: [1, ...shape], instance: shape, instances: 1, batched: false };
  const [n, ...rest] = shape;
  if (shape.length > 0 && fits(rest)) return { run: shape, instance: rest, instances: n, batched: true };
  throw new ShapeError(expected, shape);
}

/**
 * The names that `from` and `to` accept, in the order of the model, without running it: the layers of a tf.LayersModel,
 * including the models nested in it and their layers, or those of an ONNX file, of which a map takes the ones between x and its end.
 * A GraphModel and a function have names only once they are compiled; then
 * `compile(…).summary()` lists them.
 * @returns an empty list for a GraphModel and for a function.
 * @throws ModelError if it is not a model
 *
 * @example
 * layerNames(model); // what `from` and `to` accept
 */
export function layerNames(model: Model): string[] {
  const source = sourceOf(model);
  if ('onnx' in source) return onnxLayerNames(source);
  return source.layers.filter(layer => layer.getClassName() !== 'InputLayer').map(layer => layer.name);
}

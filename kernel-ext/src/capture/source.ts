import type { GraphModel, LayersModel, Sequential, Tensor } from '@tensorflow/tfjs';
import type { layers } from '@tensorflow/tfjs';
import { EmptyInputError, ModelError, ShapeError } from '../errors';

export type Model = LayersModel | GraphModel | ((x: Tensor) => Tensor);
type Layer = layers.Layer;

/** A model seen as one function of one tensor. */
export interface Source {
  /** F on [N, ...instance] (or on x as it is, for a function). */
  run(x: Tensor): Tensor;
  /** Shape of one instance, null for axes of any length; undefined for a function, which takes what it gets. */
  instance?: (number | null)[];
  /** Layers whose calls name the kernels within; empty where the model has none. */
  layers: Layer[];
  /** A graph model, whose nodes name their calls. */
  graph?: GraphModel;
  /** The tensors whose replacement (by training) makes a compiled plan stale. */
  weights(): Tensor[];
  /** Plans are kept under this object; undefined if they cannot be kept, since nothing tells when they are stale. */
  key?: object;
}

const isLayersModel = (m: object): m is LayersModel => 'layers' in m && 'apply' in m;
const isGraphModel = (m: object): m is GraphModel => 'execute' in m && 'modelSignature' in m;

/** Looks at what the caller passed and says how to run it. @throws ModelError */
export function sourceOf(model: Model): Source {
  if (typeof model === 'function') {
    return { run: model, layers: [], weights: () => [] };
  }
  if (typeof model === 'object' && model !== null) {
    if (isLayersModel(model)) return layersSource(model);
    if (isGraphModel(model)) return graphSource(model);
  }
  throw new ModelError(
    `the model is ${model === null ? 'null' : typeof model}; pass a tf.LayersModel, a tf.GraphModel, ` +
      `or a function from a tensor to a tensor. A promise of a model needs an await first.`,
  );
}

function layersSource(model: LayersModel): Source {
  if (!model.outputs?.length) {
    throw new ModelError(
      `the model '${model.name}' has no layers and so no weights. Add layers, the first one with an inputShape.`,
    );
  }
  // A sequential model that knows its input shape is built on first use, as in predict().
  if (!model.built) (model as Sequential).build();
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ModelError(
      `the model '${model.name}' has ${model.inputs.length} inputs and ${model.outputs.length} outputs; one of each is ` +
        `supported. Wrap it: linearize(x => tf.model({inputs, outputs: one}).predict(x), x).`,
    );
  }
  if (model.weights.some(isGone)) {
    throw new ModelError(
      `the weights of the model '${model.name}' have been disposed of. Load or build the model again.`,
    );
  }
  return {
    run: x => model.apply(x, { training: false }) as Tensor,
    instance: model.inputs[0].shape.slice(1),
    layers: allLayers(model),
    weights: () => model.weights.map(w => w.read()),
    key: model,
  };
}

/** A weight of a disposed layer throws when it is read. */
function isGone(weight: LayersModel['weights'][number]): boolean {
  try {
    return weight.read().isDisposed;
  } catch {
    return true;
  }
}

/** The layers of a model and of the models inside it. */
function allLayers(model: LayersModel): Layer[] {
  return model.layers.flatMap(layer =>
    isLayersModel(layer) ? allLayers(layer as unknown as LayersModel) : [layer as Layer],
  );
}

function graphSource(model: GraphModel): Source {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ModelError(
      `the graph model has ${model.inputs.length} inputs and ${model.outputs.length} outputs; one of each is supported. ` +
        `Wrap it: linearize(x => model.execute({[name]: x}, outputName), x).`,
    );
  }
  const shape = model.inputs[0].shape;
  return {
    run: x => model.execute(x) as Tensor,
    graph: model,
    instance: shape?.slice(1).map(d => (d > 0 ? d : null)),
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
  /** Whether the caller passed a batch and so gets batches back. */
  batched: boolean;
}

/** Matches x against the source. @throws ShapeError, EmptyInputError */
export function inputShape(source: Source, shape: number[]): InputShape {
  if (shape.includes(0)) throw new EmptyInputError(shape);
  const expected = source.instance;
  if (expected === undefined) return { run: shape, instance: shape, instances: 1, batched: false };
  const fits = (s: number[]) =>
    s.length === expected.length && expected.every((d, i) => d === null || d === s[i]);
  if (fits(shape)) return { run: [1, ...shape], instance: shape, instances: 1, batched: false };
  const [n, ...rest] = shape;
  if (shape.length > 0 && fits(rest)) return { run: shape, instance: rest, instances: n, batched: true };
  throw new ShapeError(expected, shape);
}

/**
 * Names that `from` and `to` take, in the order of the model, without running it: the layers of a tf.LayersModel, those of
 * models within it among them. A GraphModel and a function show theirs when they are compiled: `compile(…).layers`.
 * @throws ModelError
 */
export function layerNames(model: Model): string[] {
  const layers = sourceOf(model).layers.filter(layer => layer.getClassName() !== 'InputLayer');
  return layers.map(layer => layer.name);
}

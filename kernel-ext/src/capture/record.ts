import * as tf from '@tensorflow/tfjs';
import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import { ModelError, PiecewiseError } from '../errors';
import { GraphNodes } from './graph-nodes';
import type { LiveCall } from './live-call';
import { isLayersModel, type NamedTensors, type TfSource } from './source';

/**
 * Runs the source on x and reports each outermost kernel call; kernels that run inside a fused kernel are not reported.
 * Wraps the public `engine.runKernel` and each layer's `apply` for this one run.
 *
 * @param onCall is called while the tensors are alive; they may be disposed of afterwards.
 * @returns F(x), which belongs to the caller, the outputs of each layer by name, and for a GraphModel the node that made
 *   each call.
 * @throws DynamicGraphError, ModelError if the model cannot be run
 */
export function record(source: TfSource, x: Tensor, onCall: (call: LiveCall) => void): Recorded {
  if (source.graph !== undefined) return recordGraph(source, source.graph, x, onCall);
  const layerOutputs = new Map<string, Tensor[]>();
  const stack: string[] = [];
  const random = new Set<string | null>();
  const undo = [
    wrapRandom(() => random.add(stack.at(-1) ?? null)),
    wrapRunKernel(call => onCall({ ...call, layer: stack.at(-1) ?? null })),
    ...source.layers.map(layer => wrapLayer(layer, stack, layerOutputs)),
  ];
  try {
    const output = source.run(x);
    for (const layer of source.layers) addInlined(layer, layerOutputs);
    return { output, layerOutputs, random };
  } catch (error) {
    throw ofModel(source, error, stack.at(-1));
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

/** What a run gives, besides the calls. */
interface Recorded {
  output: Tensor | NamedTensors;
  layerOutputs: Map<string, Tensor[]>;
  /** The layers that drew random numbers; null for a call outside all layers. */
  random: ReadonlySet<string | null>;
  nodes?: (string | undefined)[];
}

/** What TensorFlow.js threw in a model, as an error of that model. A function's errors are its author's. */
function ofModel(source: TfSource, error: unknown, layer?: string): unknown {
  if (source.key === undefined || error instanceof PiecewiseError || !(error instanceof Error)) return error;
  const where = layer === undefined ? '' : ` in layer '${layer}'`;
  return new ModelError(
    `the model itself cannot be run on x: TensorFlow.js reports${where}: ${error.message.trim().replace(/[.]$/, '')}. ` +
      `Check it with model.predict(…).`,
    { cause: error },
  );
}

/** Reports each random number that is drawn: TensorFlow.js takes the seeds of its generators from Math.random. */
function wrapRandom(onDraw: () => void): () => void {
  const original = Math.random;
  Math.random = () => {
    onDraw();
    return original();
  };
  return () => {
    Math.random = original;
  };
}

function recordGraph(
  source: TfSource,
  model: GraphModel,
  x: Tensor,
  onCall: (call: LiveCall) => void,
): Recorded {
  const nodes = new GraphNodes(model);
  const random = new Set<null>();
  const restoreRandom = wrapRandom(() => random.add(null));
  const restore = wrapRunKernel(call => {
    nodes.see(call);
    onCall({ ...call, layer: null });
  });
  try {
    const output = nodes.run(() => source.run(x));
    const { calls, outputs } = nodes.names();
    return { output, layerOutputs: outputs, random, nodes: calls };
  } catch (error) {
    throw ofModel(source, error);
  } finally {
    restoreRandom();
    restore();
    nodes.dispose();
  }
}

function wrapRunKernel(onCall: (call: Omit<LiveCall, 'layer'>) => void): () => void {
  const engine = tf.engine();
  const original = engine.runKernel;
  let depth = 0;
  engine.runKernel = function (this: typeof engine, kernel, inputs, attrs) {
    depth++;
    let result;
    try {
      result = original.call(this, kernel, inputs, attrs);
    } finally {
      depth--;
    }
    if (depth === 0) {
      const outputs = (Array.isArray(result) ? result : [result]) as Tensor[];
      onCall({ kernel, inputs: inputs as LiveCall['inputs'], attrs: { ...attrs }, outputs });
    }
    return result;
  } as typeof original;
  return () => {
    engine.runKernel = original;
  };
}

/** Wraps `apply` and not `call`: what a layer returns unchanged, such as a dropout, is copied there. */
function wrapLayer(
  layer: TfSource['layers'][number],
  stack: string[],
  outputs: Map<string, Tensor[]>,
): () => void {
  const original = layer.apply;
  const own = Object.hasOwn(layer, 'apply');
  layer.apply = function (inputs, kwargs) {
    // After an error the stack stays as it is: its top is the layer that failed.
    stack.push(layer.name);
    const result = original.call(this, inputs, kwargs) as Tensor | Tensor[];
    outputs.set(layer.name, [result].flat());
    stack.pop();
    return result;
  };
  return () => {
    if (own) layer.apply = original;
    else delete (layer as { apply?: unknown }).apply;
  };
}

/** A model that is the first layer of a Sequential is not applied itself, only its layers are: it gives what its last layers gave. */
function addInlined(layer: TfSource['layers'][number], outputs: Map<string, Tensor[]>): void {
  if (!isLayersModel(layer) || outputs.has(layer.name)) return;
  const given = layer.outputs.map(
    ({ sourceLayer, outputTensorIndex }) => outputs.get(sourceLayer.name)?.[outputTensorIndex ?? 0],
  );
  if (given.every(t => t !== undefined)) outputs.set(layer.name, given);
}

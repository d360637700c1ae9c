import * as tf from '@tensorflow/tfjs';
import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import { GraphNodes } from './graph-nodes';
import type { LiveCall } from './live-call';
import { isLayersModel, type NamedTensors, type Source } from './source';

/**
 * Runs the source on x and reports each outermost kernel call; kernels that run inside a fused kernel are not reported.
 * Wraps the public `engine.runKernel` and each layer's `apply` for this one run.
 *
 * @param onCall is called while the tensors are alive; they may be disposed of afterwards.
 * @returns F(x), which belongs to the caller, the outputs of each layer by name, and for a GraphModel the node that made
 *   each call.
 * @throws DynamicGraphError
 */
export function record(
  source: Source,
  x: Tensor,
  onCall: (call: LiveCall) => void,
): { output: Tensor | NamedTensors; layerOutputs: Map<string, Tensor[]>; nodes?: (string | undefined)[] } {
  if (source.graph !== undefined) return recordGraph(source, source.graph, x, onCall);
  const layerOutputs = new Map<string, Tensor[]>();
  const stack: string[] = [];
  const undo = [
    wrapRunKernel(call => onCall({ ...call, layer: stack.at(-1) ?? null })),
    ...source.layers.map(layer => wrapLayer(layer, stack, layerOutputs)),
  ];
  try {
    const output = source.run(x);
    for (const layer of source.layers) addInlined(layer, layerOutputs);
    return { output, layerOutputs };
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

function recordGraph(
  source: Source,
  model: GraphModel,
  x: Tensor,
  onCall: (call: LiveCall) => void,
): ReturnType<typeof record> {
  const nodes = new GraphNodes(model);
  const restore = wrapRunKernel(call => {
    nodes.see(call);
    onCall({ ...call, layer: null });
  });
  try {
    const output = nodes.run(() => source.run(x));
    const { calls, outputs } = nodes.names();
    return { output, layerOutputs: outputs, nodes: calls };
  } finally {
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
  layer: Source['layers'][number],
  stack: string[],
  outputs: Map<string, Tensor[]>,
): () => void {
  const original = layer.apply;
  const own = Object.hasOwn(layer, 'apply');
  layer.apply = function (inputs, kwargs) {
    stack.push(layer.name);
    try {
      const result = original.call(this, inputs, kwargs) as Tensor | Tensor[];
      outputs.set(layer.name, [result].flat());
      return result;
    } finally {
      stack.pop();
    }
  };
  return () => {
    if (own) layer.apply = original;
    else delete (layer as { apply?: unknown }).apply;
  };
}

/** A model that is the first layer of a Sequential is not applied itself, only its layers are: it gives what its last layers gave. */
function addInlined(layer: Source['layers'][number], outputs: Map<string, Tensor[]>): void {
  if (!isLayersModel(layer) || outputs.has(layer.name)) return;
  const given = layer.outputs.map(
    ({ sourceLayer, outputTensorIndex }) => outputs.get(sourceLayer.name)?.[outputTensorIndex ?? 0],
  );
  if (given.every(t => t !== undefined)) outputs.set(layer.name, given);
}

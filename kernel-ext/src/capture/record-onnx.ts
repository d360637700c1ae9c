import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { DisconnectedError, ModelError } from '../errors';
import { fromOnnx, isFloat } from '../onnx-file/numbers';
import { type OnnxModel, partsOf } from '../onnx-file/onnx-model';
import { namesOf, pathTo } from './path-to';
import type { Capture } from './kernel-call';
import { activityOf } from './onnx-activity';
import { callsOf, type OnnxCalls, randomNodes } from './onnx-calls';
import { fedFor, movingInputs, nameOfKey, type Numbers, type OnnxFeed } from './onnx-feed';
import { observe, type Observation } from './onnx-observation';
import { splicedGraph } from './spliced-graph';

export type { OnnxFeed } from './onnx-feed';

/**
 * Runs an ONNX model once on x and returns the operators on the paths from x to its outputs. Everything else, held inputs among
 * it, is a constant. No tensor is left behind.
 *
 * @param x in the shape that the model runs on; an input of integers is cast.
 * @throws OnnxError, DisconnectedError, ModelError
 */
export async function captureOnnx(model: OnnxModel, x: Tensor, feed: OnnxFeed): Promise<Capture> {
  const { file } = partsOf(model);
  const fed = await fedFor(model, x, feed);
  const inputs = movingInputs(feed);
  const graph = await splicedGraph(file, fed.feeds, inputs);
  const activity = activityOf(graph, inputs);
  const observation = await observe(file, graph, fed.feeds, activity);
  const found = callsOf(file, graph, activity, observation, fed.calls.length);
  const outputs = outputsOf(model, found, observation);
  const moving = new Map(outputs.flatMap(([name, end]) => (end === null ? [] : [[name, end] as const])));
  const [output] = moving.values();
  if (output === undefined) throw new DisconnectedError();
  const { calls, values } = pathTo(
    [...moving.values()].map(({ value }) => value),
    [...fed.calls, ...found.calls],
  );
  const constant = outputs.flatMap(([name, end]) => (end === null ? [name] : []));
  return {
    input: { value: fed.x, shape: x.shape },
    output,
    ...(outputs.length > 1 ? { outputs: { moving, constant } } : {}),
    calls,
    random: randomNodes(graph, observation),
    layers: layersOf(namesOf(calls, new Map()), found.handedOn, values),
  };
}

type End = Capture['output'];

/** The outputs of floats by name, null where one does not move; class labels and texts are none. @throws ModelError */
function outputsOf(
  model: OnnxModel,
  { valueOf }: OnnxCalls,
  { shapes }: Observation,
): readonly (readonly [string, End | null])[] {
  const { results } = partsOf(model).file;
  const floats = model.outputs.filter(({ type }) => isFloat(type));
  if (floats.length === 0) {
    const given = model.outputs.map(({ name, type }) => `${name} (${type})`).join(', ');
    throw new ModelError(`the model's outputs are ${given}, and a linear map ends at numbers of type float.`);
  }
  return floats.map(({ name }) => {
    const value = results.get(name)!;
    const shape = shapes.get(value);
    return [name, shape === undefined ? null : { value: valueOf(value), shape }];
  });
}

/**
 * Some activations of a capture as onnxruntime computes them from the file itself, without any frozen steps; F(x) is the one at
 * `capture.output.value`. The caller disposes them.
 *
 * @param values numbers of activations, as the capture has them.
 * @throws OnnxError; no tensor is left behind then.
 */
export async function onnxActivations(
  model: OnnxModel,
  x: Tensor,
  feed: OnnxFeed,
  values: readonly number[],
): Promise<Tensor[]> {
  const { file } = partsOf(model);
  const { feeds, early } = await fedFor(model, x, feed);
  const names = new Map(
    values.filter(value => !early.has(value)).map(value => [value, nameOfKey(file.keyOf(value))] as const),
  );
  const results = new Map<number, Numbers>(early);
  if (names.size > 0) {
    const graph = await splicedGraph(file, feeds, movingInputs(feed));
    const fetches = [...new Set(names.values())];
    const session = file.session(
      graph,
      fetches.filter(name => !graph.outputs.includes(name)),
    );
    const found = await file.run(session, feeds, fetches);
    for (const [value, name] of names) results.set(value, fromOnnx(found[name])!);
  }
  return values.map(value => {
    const { values: numbers, shape } = results.get(value)!;
    return tf.tensor(Float32Array.from(numbers), shape, 'float32');
  });
}

/** The names of calls, and those of layers that hand on what they get. */
function layersOf(
  named: ReadonlyMap<string, number>,
  handedOn: ReadonlyMap<string, number>,
  values: ReadonlySet<number>,
): Map<string, number> {
  const all = [...named, ...[...handedOn].filter(([name]) => !named.has(name))];
  return new Map(all.filter(([, value]) => values.has(value)));
}

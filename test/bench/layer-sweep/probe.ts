import * as tf from '@tensorflow/tfjs';
import { PiecewiseError } from '../../../kernel-ext/src/errors';
import { linearize } from '../../../kernel-ext/src/linearization/linearize';
import type { LayerCase } from './layer-case';
import { inputShapes, run, slopesAgree, type FoundMap } from './reference';
import { seedWeights } from './seeded-weights';

/** What became of one case, in the order of the table. */
export const kinds = [
  'map',
  'refusal',
  'TensorFlow.js cannot',
  'inexact',
  'differs',
  'raw error',
  'left',
] as const;
export type Kind = (typeof kinds)[number];

export interface Outcome {
  kind: Kind;
  /** What was found, in one line. */
  note: string;
}

/** For W·x + b against F(x), relative. */
const ROUNDING = 1e-4;

/** Builds, seeds and linearizes the model of a case, and compares the map with what the model itself computes. */
export async function probe(layer: LayerCase, seed: number): Promise<Outcome> {
  let model: tf.LayersModel;
  try {
    model = await layer.build();
  } catch (error) {
    return { kind: 'TensorFlow.js cannot', note: `build it: ${messageOf(error)}` };
  }
  seedWeights(model, seed);
  const inputs = inputShapes(model).map((shape, i) =>
    layer.numbers
      ? tf.tensor([...layer.numbers], shape, model.inputs[i].dtype as 'float32')
      : tf.randomNormal(shape, 0, 1, 'float32', seed + 1000 + i),
  );
  const x = tf.tidy(() => tf.concat(inputs.map(input => input.flatten().toFloat()))) as tf.Tensor1D;
  try {
    return await linearized(layer, model, inputs, x);
  } finally {
    tf.dispose([...inputs, x]);
    model.dispose();
  }
}

async function linearized(
  layer: LayerCase,
  model: tf.LayersModel,
  inputs: tf.Tensor[],
  x: tf.Tensor1D,
): Promise<Outcome> {
  const whyModelFails = whyNot(() => run(model, x).dispose());
  const before = tf.memory().numTensors;
  const found = await mapOf(model, inputs).catch((error: unknown) => refused(error, whyModelFails));
  const left = tf.memory().numTensors - before;
  if (left !== 0) return { kind: 'left', note: `${left} tensors` };
  return 'kind' in found ? found : judged(found, layer, model, x);
}

interface Found extends FoundMap {
  exact: boolean;
  /** Of W·x + b against F(x), relative. */
  residual: number;
}

async function mapOf(model: tf.LayersModel, inputs: tf.Tensor[]): Promise<Found> {
  const named = Object.fromEntries(model.inputNames.map((name, i) => [name, inputs[i]]));
  const lin = inputs.length === 1 ? await linearize(model, inputs[0]) : await linearize(model, named);
  const { relative } = await lin.residual();
  const W = await lin.weights.toTensor();
  const [weights, output] = await Promise.all([W, lin.output].map(values => values.data<'float32'>()));
  const { cut, exact } = lin;
  W.dispose();
  lin.dispose();
  return { weights, output, cut, exact, residual: relative };
}

function judged(found: Found, { random }: LayerCase, model: tf.LayersModel, x: tf.Tensor1D): Outcome {
  const residual = `residual ${found.residual.toExponential(1)}`;
  if (random)
    return found.exact
      ? { kind: 'differs', note: `called exact although it is drawn at random, ${residual}` }
      : { kind: 'inexact', note: `drawn at random, so not exact; ${residual}` };
  const slopes = slopesAgree(found, model, x);
  const zero = found.weights.every(weight => weight === 0) ? 'W is zero, ' : '';
  const right = found.residual <= ROUNDING && slopes !== 'neither';
  return { kind: right ? 'map' : 'differs', note: `${residual}, ${zero}slopes by ${slopes}` };
}

function refused(error: unknown, whyModelFails: string | null): Outcome {
  if (!(error instanceof PiecewiseError))
    return {
      kind: 'raw error',
      note: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  const note = `${error.name}: ${messageOf(error)}`;
  return whyModelFails === null ? { kind: 'refusal', note } : { kind: 'TensorFlow.js cannot', note };
}

function whyNot(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ').slice(0, 160);

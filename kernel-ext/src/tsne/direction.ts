import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { LinearMap } from '../linear-map/linear-map';
import { linearize } from '../linearization/linearize';
import type { Embedding, Members } from './embedding';
import { solved } from './solve';

/** How a point would move to other points. The caller disposes the tensors. */
export interface Direction {
  /** Unit change of the input that moves the point fastest towards the target, [...instance]. */
  steepest: Tensor;
  /** The smallest change (Euclidean) with W·change = target − place, [...instance]. */
  change: Tensor;
  /** Center of the target, [d]. */
  target: number[];
  /** Where the network really puts x + change, [d]: at the target, if the linear region reaches so far. */
  reached: number[];
}

export async function directionTo(embedding: Embedding, i: number, to: Members): Promise<Direction> {
  const target = await center(embedding, embedding.members(to));
  const x = embedding.pick(i);
  const lin = await linearize(embedding.model, x);
  try {
    const output = (await lin.output.data()) as Float32Array;
    const way = target.map((value, axis) => value - output[axis]);
    const gram = await gramOf(lin.weights);
    const towards = await pulledBack(lin.weights, way);
    const change = await pulledBack(lin.weights, solved(gram, way));
    const steepest = tf.tidy(() => towards.div(towards.norm().maximum(1e-30)));
    const moved = tf.tidy(() => x.add(change).expandDims(0));
    const place = embedding.transform(moved);
    const reached = [...(await place.data())];
    tf.dispose([towards, moved, place]);
    return { steepest, change, target, reached };
  } finally {
    x.dispose();
    lin.dispose();
  }
}

/** W·Wᵀ, d × d. */
async function gramOf(weights: LinearMap): Promise<number[][]> {
  const rows = await weights.toTensor();
  const gram = tf.tidy(() => (rows as tf.Tensor2D).matMul(rows as tf.Tensor2D, false, true));
  const values = (await gram.array()) as number[][];
  tf.dispose([rows, gram]);
  return values;
}

async function pulledBack(weights: LinearMap, u: readonly number[]): Promise<Tensor> {
  const vector = tf.tensor1d([...u]);
  const result = await weights.applyTranspose(vector);
  vector.dispose();
  return result;
}

async function center(embedding: Embedding, members: readonly number[]): Promise<number[]> {
  const mean = tf.tidy(() => embedding.places.gather(tf.tensor1d([...members], 'int32')).mean(0));
  const values = [...(await mean.data())];
  mean.dispose();
  return values;
}

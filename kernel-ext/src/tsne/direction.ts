import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { LinearMap } from '../linear-map/linear-map';
import { linearize } from '../linearization/linearize';
import type { EmbeddedPoints, Members } from './embedded-points';
import { solved } from './solve';

/** How a point would move toward other points. The caller disposes the tensors. */
export interface Direction {
  /** The unit change of the input that moves the point fastest toward the target, [...instance]. */
  steepest: Tensor;
  /** The smallest change (Euclidean) for which W·change = target − the point's coordinates, [...instance]. */
  change: Tensor;
  /** The center of the target, [d]. */
  target: number[];
  /** Where the network actually puts x + change, [d]: at the target if the linear region extends that far. */
  reached: number[];
}

export async function directionTo(embedding: EmbeddedPoints, i: number, to: Members): Promise<Direction> {
  const x = embedding.pick(i);
  try {
    const target = await centerOf(embedding, embedding.group(to));
    const lin = await linearize(embedding.model, x);
    try {
      const output = (await lin.output.data()) as Float32Array;
      const wanted = target.map((value, axis) => value - output[axis]);
      const gram = await gramOf(lin.weights);
      const toward = await pulledBack(lin.weights, wanted);
      const change = await pulledBack(lin.weights, solved(gram, wanted));
      const steepest = tf.tidy(() => toward.div(toward.norm().maximum(1e-30)));
      const moved = tf.tidy(() => x.add(change).expandDims(0));
      const coordinates = embedding.transform(moved);
      const reached = [...(await coordinates.data())];
      tf.dispose([toward, moved, coordinates]);
      return { steepest, change, target, reached };
    } finally {
      lin.dispose();
    }
  } finally {
    x.dispose();
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

async function centerOf(embedding: EmbeddedPoints, members: readonly number[]): Promise<number[]> {
  const mean = tf.tidy(() => embedding.coordinates.gather(tf.tensor1d([...members], 'int32')).mean(0));
  const values = [...(await mean.data())];
  mean.dispose();
  return values;
}

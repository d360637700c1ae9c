import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { linearize } from '../linearization/linearize';
import type { Embedding } from './embedding';

/** What one point's map says of the way to another. */
export interface PredictedWay {
  /** W ∘ (x_to − x_from), [d, ...instance]: what each number of the input adds on each axis. The caller disposes it. */
  contribution: Tensor;
  /** Their sums, W·(x_to − x_from), [d]. */
  predicted: number[];
  /** Distance from the prediction to where the other point is; 0 up to rounding within one linear region. */
  error: number;
}

/** Why two points are apart. */
export interface Displacement {
  /** F(x_to) − F(x_from), [d]. */
  actual: number[];
  /** By W at either end. */
  atFrom: PredictedWay;
  atTo: PredictedWay;
}

export async function displacement(embedding: Embedding, from: number, to: number): Promise<Displacement> {
  const pair = embedding.pick([from, to]);
  const lin = await linearize(embedding.model, pair);
  try {
    const rows = await lin.weights.rows(embedding.axes.map((_, axis) => axis));
    const parts = tf.tidy(() => {
      const [a, b] = tf.unstack(pair);
      const way = b.sub(a);
      return tf.unstack(rows).map(w => w.mul(way));
    });
    rows.dispose();
    const [start, end] = (await lin.output.array()) as number[][];
    const actual = end.map((value, axis) => value - start[axis]);
    const [atFrom, atTo] = await Promise.all(parts.map(part => predictedWay(part, actual)));
    return { actual, atFrom, atTo };
  } finally {
    pair.dispose();
    lin.dispose();
  }
}

async function predictedWay(contribution: Tensor, actual: readonly number[]): Promise<PredictedWay> {
  const values = (await contribution.data()) as Float32Array;
  const size = values.length / actual.length;
  const predicted = actual.map((_, axis) =>
    values.subarray(axis * size, (axis + 1) * size).reduce((sum, value) => sum + value, 0),
  );
  const error = Math.hypot(...predicted.map((value, axis) => value - actual[axis]));
  return { contribution, predicted, error };
}

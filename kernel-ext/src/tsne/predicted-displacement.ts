import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { linearize } from '../linearization/linearize';
import type { Embedding } from './embedding';

/** What W at one of two points predicts about their displacement. */
export interface Prediction {
  /** W ∘ (x_to − x_from), [d, ...instance]: what each number of the input adds on each axis. The caller disposes it. */
  contribution: Tensor;
  /** The sums of the contribution, W·(x_to − x_from), [d]. */
  predicted: number[];
  /** Distance between the prediction and the actual displacement; 0 up to rounding within one linear region. */
  error: number;
}

/** The displacement of two points as the linear map at either end predicts it. */
export interface PredictedDisplacement {
  /** F(x_to) − F(x_from), [d]. */
  actual: number[];
  atFrom: Prediction;
  atTo: Prediction;
}

/**
 * What W at either of two points predicts about the displacement from one to the other. Both are exact if the points lie in
 * one linear region; otherwise `displacement` is exact and these are not.
 * @throws UnknownPointError, DisposedError
 */
export async function predictedDisplacement(
  embedding: Embedding,
  from: number,
  to: number,
): Promise<PredictedDisplacement> {
  const pair = embedding.pick([from, to]);
  try {
    const lin = await linearize(embedding.model, pair);
    try {
      const rows = await lin.weights.rows(embedding.axes.map((_, axis) => axis));
      const contributions = tf.tidy(() => {
        const [a, b] = tf.unstack(pair);
        const change = b.sub(a);
        return tf.unstack(rows).map(w => w.mul(change));
      });
      rows.dispose();
      const [start, end] = (await lin.output.array()) as number[][];
      const actual = end.map((value, axis) => value - start[axis]);
      const [atFrom, atTo] = await Promise.all(contributions.map(one => predictionOf(one, actual)));
      return { actual, atFrom, atTo };
    } finally {
      lin.dispose();
    }
  } finally {
    pair.dispose();
  }
}

async function predictionOf(contribution: Tensor, actual: readonly number[]): Promise<Prediction> {
  const values = (await contribution.data()) as Float32Array;
  const size = values.length / actual.length;
  const predicted = actual.map((_, axis) =>
    values.subarray(axis * size, (axis + 1) * size).reduce((sum, value) => sum + value, 0),
  );
  const error = Math.hypot(...predicted.map((value, axis) => value - actual[axis]));
  return { contribution, predicted, error };
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { EmbeddedPoints, Members } from './embedded-points';

/** Means over the points of a class or of a list. The caller disposes the tensors. */
export interface ClusterMeans {
  /** How many points they are means of. */
  points: number;
  /** Mean of W, [d, ...instance]. */
  weights: Tensor;
  /** Mean of W ∘ x, [d, ...instance]. Its sums and the mean of b add up to the center. */
  contribution: Tensor;
  /** Mean of b, [d]. */
  bias: number[];
  /** Mean of F(x), [d]. */
  center: number[];
}

export async function clusterMeans(embedding: EmbeddedPoints, of: Members): Promise<ClusterMeans> {
  const members = embedding.group(of);
  const axes = embedding.axes.map((_, axis) => axis);
  const shape = [axes.length, ...embedding.points.shape.slice(1)];
  const sums = {
    weights: tf.zeros(shape),
    contribution: tf.zeros(shape),
    bias: tf.zeros([axes.length]),
    center: tf.zeros([axes.length]),
  };
  try {
    for await (const lin of embedding.linearizations({ of: members })) {
      const rows = await lin.weights.rows(axes);
      add(sums, 'weights', () => rows.sum(0));
      add(sums, 'contribution', () => rows.mul(lin.input.expandDims(1)).sum(0));
      add(sums, 'bias', () => lin.bias.sum(0));
      add(sums, 'center', () => lin.output.sum(0));
      rows.dispose();
    }
    const mean = (sum: Tensor) => tf.tidy(() => sum.div(members.length));
    const [bias, center] = [mean(sums.bias), mean(sums.center)];
    const numbers = (await Promise.all([bias.array(), center.array()])) as number[][];
    tf.dispose([bias, center]);
    const [weights, contribution] = [mean(sums.weights), mean(sums.contribution)];
    return { points: members.length, weights, contribution, bias: numbers[0], center: numbers[1] };
  } finally {
    tf.dispose(sums);
  }
}

function add<K extends string>(sums: Record<K, Tensor>, key: K, term: () => Tensor): void {
  const before = sums[key];
  sums[key] = tf.tidy(() => before.add(term()));
  before.dispose();
}

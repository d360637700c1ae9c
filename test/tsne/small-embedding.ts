import * as tf from '@tensorflow/tfjs';
import { tsne, type Embedding, type PointLabel, type TsneOptions } from '../../kernel-ext/src';

/** Three clouds of points in six dimensions, well apart, 40 each; always the same. */
export function clouds(): { points: tf.Tensor2D; labels: string[] } {
  const labels = Array.from({ length: 120 }, (_, i) => 'abc'[i % 3]);
  const points = tf.tidy(() => {
    const centers = tf.oneHot(
      tf.tensor1d(
        labels.map(label => 'abc'.indexOf(label)),
        'int32',
      ),
      6,
    );
    return centers.add<tf.Tensor2D>(tf.randomNormal([120, 6], 0, 0.1, 'float32', 7));
  });
  return { points, labels };
}

/** A network small enough for tests; the caller disposes it. */
export function smallNetwork(inputs = 6, dimensions = 2): tf.LayersModel {
  const kernelInitializer = (seed: number) => tf.initializers.heNormal({ seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({
        inputShape: [inputs],
        units: 32,
        activation: 'relu',
        kernelInitializer: kernelInitializer(1),
        name: 'hidden',
      }),
      tf.layers.dense({ units: dimensions, kernelInitializer: kernelInitializer(2), name: 'map' }),
    ],
  });
}

const FAST = { epochs: 20, batch: 40, perplexity: 10, learningRate: 0.02, start: 'random' } as const;

/** An embedding of the clouds by a small network, which takes about a second. `discard` frees it completely. */
export async function smallEmbedding(
  options: TsneOptions & { labels?: ArrayLike<PointLabel> } = {},
): Promise<Embedding> {
  const { points, labels } = clouds();
  try {
    return await tsne(points, { model: smallNetwork(), labels, ...FAST, ...options });
  } finally {
    points.dispose();
  }
}

/** Frees the embedding and the network that was passed to it. */
export function discard(embedding: Embedding): void {
  embedding.dispose();
  embedding.model.dispose();
}

import * as tf from '@tensorflow/tfjs';
import { type Embedding, tsne, type TsneOptions } from '../../kernel-ext/src';

/** Strokes in three directions in images of 8 × 8 pixels, 40 images per direction; always the same. */
export function strokes(): { points: tf.Tensor4D; labels: string[] } {
  const kinds = ['across', 'down', 'slanted'];
  const labels = Array.from({ length: 120 }, (_, i) => kinds[i % 3]);
  const pixels = labels.flatMap((kind, i) =>
    Array.from({ length: 64 }, (_, p) => {
      const [row, column] = [p >> 3, p & 7];
      const place = 2 + (Math.floor(i / 3) % 4);
      const along = { across: row, down: column, slanted: 7 - row }[kind]!;
      const distance = Math.abs(kind === 'slanted' ? along - column : along - place);
      return Math.max(0, 1 - 0.6 * distance) * (0.8 + 0.2 * Math.sin(i + p));
    }),
  );
  return { points: tf.tensor4d(pixels, [120, 8, 8, 1]), labels };
}

/** An embedding of the strokes by a small network, trained in about a second. */
export async function imageEmbedding(options: TsneOptions = {}): Promise<Embedding> {
  const { points, labels } = strokes();
  const seeded = (seed: number) => tf.initializers.heNormal({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 1] }),
      tf.layers.dense({ units: 32, activation: 'relu', kernelInitializer: seeded(1), name: 'hidden' }),
      tf.layers.dense({ units: 2, kernelInitializer: seeded(2), name: 'map' }),
    ],
  });
  try {
    return await tsne(points, { model, labels, epochs: 20, batch: 40, perplexity: 10, ...options });
  } finally {
    points.dispose();
  }
}

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { cacheFolder } from '../../kernel-ext/src/data/cache';
import type { LabeledData } from '../../kernel-ext/src';

const SEED = 20231016;
const EPOCHS = 4;
const BATCH = 128;

/** A small piecewise linear CNN for CIFAR-10, trained on first use (some minutes) and kept in the cache. */
export async function cifarCnn(train: LabeledData): Promise<tf.LayersModel> {
  const folder = path.join(cacheFolder(), `cifar-cnn-${train.length}-${EPOCHS}`);
  const file = path.join(folder, 'model.json');
  if (existsSync(file)) return tf.loadLayersModel(`file://${file}`);
  console.log(`Training a CNN on ${train.length} images of CIFAR-10 (once) …`);
  const model = buildModel();
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
  const x = train.batch(0, train.length);
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(train.labels), 'int32'), 10);
  const onEpochEnd = (epoch: number, logs?: tf.Logs) =>
    console.log(`  epoch ${epoch + 1} of ${EPOCHS}: loss ${logs?.loss.toFixed(3)}`);
  await model.fit(x, y, { epochs: EPOCHS, batchSize: BATCH, verbose: 0, callbacks: { onEpochEnd } });
  tf.dispose([x, y]);
  await mkdir(folder, { recursive: true });
  await model.save(`file://${folder}`);
  return model;
}

/** 320,000 parameters. */
function buildModel(): tf.Sequential {
  const seeded = (n: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed: SEED + n }) });
  const conv = { strides: 2, padding: 'same' as const, activation: 'relu' as const };
  return tf.sequential({
    name: 'cifar-cnn',
    layers: [
      tf.layers.conv2d({ ...conv, ...seeded(1), inputShape: [32, 32, 3], filters: 24, kernelSize: 5 }),
      tf.layers.conv2d({ ...conv, ...seeded(2), filters: 48, kernelSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ ...seeded(3), units: 96, activation: 'relu' }),
      tf.layers.dense({ ...seeded(4), units: 10, activation: 'softmax' }),
    ],
  });
}

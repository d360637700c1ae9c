/**
 * Trains the small CNN that the notebooks explain, on all 60,000 MNIST digits, and writes it to models/mnist-cnn.
 * Run by `npm run train:mnist`. It fails if the 10,000 test digits, looked at once at the end, are not at 99.0 %.
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { mnist } from '../kernel-ext/src/data/mnist';
import { replaceFile } from '../kernel-ext/src/files/replace-file';
import type { LabeledData } from '../kernel-ext/src/data/labeled-data';

const SEED = 20231016;
const EPOCHS = 8;
const BATCH = 128;
const LEARNING_RATE = { first: 2e-3, last: 5e-5 };
const WANTED_ACCURACY = 0.99;
const FOLDER = join(__dirname, 'models', 'mnist-cnn');

/** Mulberry32: a small seeded generator of numbers in [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 57,000 parameters: one max- and one average-pool, batch normalization, dropout, a final softmax. */
function buildModel(): tf.Sequential {
  const conv = { kernelSize: 3, kernelInitializer: 'heNormal' as const };
  return tf.sequential({
    name: 'mnist-cnn',
    layers: [
      tf.layers.conv2d({ ...conv, name: 'conv1', inputShape: [28, 28, 1], filters: 16, activation: 'relu' }),
      tf.layers.maxPooling2d({ name: 'pool1', poolSize: 2 }),
      tf.layers.conv2d({ ...conv, name: 'conv2', filters: 32 }),
      tf.layers.batchNormalization({ name: 'norm2' }),
      tf.layers.reLU({ name: 'relu2' }),
      tf.layers.averagePooling2d({ name: 'pool2', poolSize: 2 }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dropout({ name: 'dropout', rate: 0.3 }),
      tf.layers.dense({ name: 'dense', units: 64, activation: 'relu', kernelInitializer: 'heNormal' }),
      tf.layers.dense({ name: 'logits', units: 10, activation: 'softmax' }),
    ],
  });
}

/** Cosine from the first to the last learning rate. */
function learningRate(progress: number): number {
  const { first, last } = LEARNING_RATE;
  return last + ((first - last) * (1 + Math.cos(Math.PI * progress))) / 2;
}

function shuffledIndices(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  tf.util.shuffle(order);
  return order;
}

/** One pass over the digits, in a new order. @returns the mean loss */
async function trainEpoch(model: tf.Sequential, images: tf.Tensor4D, labels: tf.Tensor2D, epoch: number) {
  const order = shuffledIndices(images.shape[0]);
  const steps = Math.floor(order.length / BATCH);
  // tfjs has no public way to change Adam's learning rate and keep its moments.
  const optimizer = model.optimizer as unknown as { learningRate: number };
  let loss = 0;
  for (let step = 0; step < steps; step++) {
    optimizer.learningRate = learningRate((epoch + step / steps) / EPOCHS);
    const picked = tf.tensor1d(Int32Array.from(order.subarray(step * BATCH, (step + 1) * BATCH)), 'int32');
    const x = tf.gather(images, picked);
    const y = tf.gather(labels, picked);
    loss += (await model.trainOnBatch(x, y)) as number;
    tf.dispose([picked, x, y]);
  }
  return loss / steps;
}

/** Share of the digits that the model classifies correctly. */
function accuracy(model: tf.LayersModel, digits: LabeledData): number {
  return tf.tidy(() => {
    const guesses = (model.predict(digits.toTensor(), { batchSize: 500 }) as tf.Tensor2D).argMax(1);
    return guesses
      .equal(tf.tensor1d(Int32Array.from(digits.labels), 'int32'))
      .mean()
      .dataSync()[0];
  });
}

async function main(): Promise<void> {
  // Initial weights, the order of the digits and dropout all draw from Math.random.
  Math.random = seededRandom(SEED);
  const started = Date.now();
  const train = await mnist('train');
  const images = train.toTensor();
  const labels = tf.oneHot(tf.tensor1d(Int32Array.from(train.labels), 'int32'), 10) as tf.Tensor2D;
  const model = buildModel();
  model.compile({ optimizer: tf.train.adam(LEARNING_RATE.first), loss: 'categoricalCrossentropy' });
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const loss = await trainEpoch(model, images, labels, epoch);
    console.log(`epoch ${epoch + 1} of ${EPOCHS}: loss ${loss.toFixed(4)}, ${elapsed(started)} s`);
  }
  const reached = accuracy(model, await mnist('test'));
  console.log(`${(100 * reached).toFixed(2)} % of the 10,000 test digits`);
  if (reached < WANTED_ACCURACY) {
    throw new Error(
      `The CNN reached ${reached}, wanted ${WANTED_ACCURACY}: nothing was written. Raise EPOCHS.`,
    );
  }
  await model.save(`file://${FOLDER}`);
  const record = {
    testAccuracy: Number(reached.toFixed(4)),
    testDigits: 10000,
    trainDigits: train.length,
    parameters: model.countParams(),
    epochs: EPOCHS,
    batch: BATCH,
    seconds: elapsed(started),
    seed: SEED,
    versions: { node: process.versions.node, tfjs: tf.version.tfjs, tfjsNode: tf.version['tfjs-node'] },
  };
  await replaceFile(join(FOLDER, 'training.json'), `${JSON.stringify(record, null, 2)}\n`);
}

const elapsed = (started: number): number => Math.round((Date.now() - started) / 1000);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

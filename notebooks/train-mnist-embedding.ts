/**
 * Trains the convolutional parametric t-SNE that the notebooks explain, on all 60,000 MNIST training digits and without their
 * labels, and writes it to models/mnist-embedding. Run by `npm run train:embedding`, some fifteen minutes. It fails if
 * T(12) is below 0.87 for 2,000 of the 10,000 test digits, which the network never saw.
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { data, startRuntime, tsne } from '../kernel-ext/src';

const SEED = 20231016;
const EPOCHS = 40;
const WANTED_TRUST = 0.87;
const FOLDER = join(__dirname, 'models', 'mnist-embedding');

/** 78,000 parameters, all piecewise linear. */
function buildModel(): tf.Sequential {
  const seeded = (n: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed: SEED + n }) });
  const conv = { kernelSize: 3, strides: 2, padding: 'same' as const, activation: 'relu' as const };
  return tf.sequential({
    name: 'mnist-embedding',
    layers: [
      tf.layers.conv2d({ ...conv, ...seeded(1), name: 'conv1', inputShape: [28, 28, 1], filters: 8 }),
      tf.layers.conv2d({ ...conv, ...seeded(2), name: 'conv2', filters: 16 }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ ...seeded(3), name: 'dense', units: 96, activation: 'relu' }),
      tf.layers.dense({ ...seeded(4), name: 'map', units: 2 }),
    ],
  });
}

async function main(): Promise<void> {
  await startRuntime();
  const digits = await data.mnist('train');
  const points = digits.batch(0, digits.length);
  const embedding = await tsne(points, {
    model: buildModel(),
    epochs: EPOCHS,
    seed: SEED,
    onProgress: ({ stage, epoch, loss, trustworthiness }) =>
      console.log(`${stage} ${epoch}: loss ${loss.toFixed(3)}, T(12) ${trustworthiness.toFixed(4)}`),
  });
  const test = await data.mnist('test');
  const { trustworthiness } = await embedding.quality({ data: test.batch(0, 10_000), sample: 2000 });
  console.log(`T(12) of 2,000 test digits: ${trustworthiness.toFixed(4)}`);
  if (trustworthiness < WANTED_TRUST) throw new Error(`T(12) ${trustworthiness} is below ${WANTED_TRUST}`);
  await embedding.save(FOLDER);
}

void main();

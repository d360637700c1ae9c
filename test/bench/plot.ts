/**
 * `npm run bench:plot`: what `plot(lin)` costs for 1,000 classes at 224 × 224 (MobileNetV2 with random weights) and for a
 * segmentation of 64 × 64 × 5, in multiples of a forward pass of the same model, and how large its payload is; then the spectral
 * norm and svd(3). Each figure is the smallest of three runs, since other work slows some of them down. The baseline,
 * all rows, is what `plot` used to pull; it follows from the time of 63 of them.
 */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize, startRuntime } from '../../kernel-ext/src';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { LINEARIZATION_MIME, readDecomposition } from '../../kernel-ext/src/payload';
import { mobilenetV2 } from '../networks/mobilenet-v2';

const RUNS = 3;
const SOME_ROWS = 63;

function segmentation(): tf.LayersModel {
  const kernelInitializer = tf.initializers.heNormal({ seed: 1 });
  const conv = { kernelSize: 3, padding: 'same', kernelInitializer } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...conv, filters: 16, activation: 'relu', inputShape: [64, 64, 3] }),
      tf.layers.conv2d({ ...conv, filters: 32, activation: 'relu' }),
      tf.layers.conv2d({ ...conv, filters: 5 }),
    ],
  });
}

async function smallest(run: () => Promise<unknown>, runs = RUNS): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    tf.dispose((await run()) as tf.TensorContainer);
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

async function measured(name: string, model: tf.LayersModel): Promise<void> {
  const [, height, width, channels] = model.inputs[0].shape as number[];
  const x = tf.randomUniform([height, width, channels], 0, 1, 'float32', 2);
  const lin = await linearize(model, x);
  const [outputs] = lin.weights.shape;
  const forward = await smallest(async () =>
    tf.tidy(() => void (model.predict(x.expandDims()) as tf.Tensor).dataSync()),
  );
  const line = (what: string, time: number, more = '') =>
    console.log(`  ${what}: ${time.toFixed(0)} ms, ${(time / forward).toFixed(1)} forward passes${more}`);
  console.log(`${name}: ${outputs} outputs`);
  line('forward pass', forward);
  line('residual, once', await smallest(() => lin.residual(), 1));
  let bytes = 0;
  const plot = await smallest(async () => {
    const payload = (await linearizationBundle(lin))[LINEARIZATION_MIME];
    const text = JSON.stringify(payload);
    bytes = text.length;
    const { output, bias, linear } = readDecomposition(JSON.parse(text));
    const scale = Math.max(...output.map(Math.abs));
    output.forEach((y, c) => assert.ok(Math.abs(y - linear[c] - bias[c]) <= 1e-4 * scale));
  });
  line('plot', plot, `, payload of ${(bytes / 1e3).toFixed(0)} KB`);
  const some = await smallest(() => lin.weights.rows([...Array(SOME_ROWS).keys()]), 1);
  line(`baseline: all rows, from ${SOME_ROWS}`, (some * outputs) / SOME_ROWS);
  line('spectral norm', await smallest(() => lin.weights.norm('spectral'), 1));
  line('svd(3)', await smallest(async () => Object.values(await lin.weights.svd(3)), 1));
  tf.dispose(x);
  lin.dispose();
}

async function main(): Promise<void> {
  await startRuntime();
  await measured('segmentation of 64 × 64 × 5', segmentation());
  await measured('MobileNetV2 at 224 × 224', mobilenetV2());
}

void main();

/**
 * `npm run bench:residual-time`: how long `lin.residual()` takes beside the check row by row (`{ every: true }`), for ever more
 * outputs. Median of three, after one run; both sides must agree that the residual is rounding.
 */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize, startRuntime } from '../../kernel-ext/src';

/** Relative residuals above this are more than rounding. */
const ROUNDING = 1e-5;

function network(side: number, outputs: number): tf.LayersModel {
  const kernelInitializer = tf.initializers.heNormal({ seed: 1 });
  const conv = { kernelSize: 3, strides: 2, activation: 'relu', kernelInitializer } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...conv, filters: 16, inputShape: [side, side, 3] }),
      tf.layers.conv2d({ ...conv, filters: 32 }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: outputs, kernelInitializer }),
    ],
  });
}

/** Of a new linearization each time, since one keeps its residual. */
async function milliseconds(model: tf.LayersModel, x: tf.Tensor, every: boolean): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    const lin = await linearize(model, x);
    const start = performance.now();
    const { relative } = await lin.residual({ every });
    times.push(performance.now() - start);
    lin.dispose();
    assert.ok(relative < ROUNDING, `the residual is ${relative}`);
  }
  return times.slice(1).sort((a, b) => a - b)[1];
}

async function main(): Promise<void> {
  await startRuntime();
  for (const [side, outputs] of [
    [64, 10],
    [64, 100],
    [64, 1000],
    [224, 63],
  ]) {
    const model = network(side, outputs);
    const x = tf.randomNormal([side, side, 3], 0, 1, 'float32', 2);
    const few = await milliseconds(model, x, false);
    const every = await milliseconds(model, x, true);
    console.log(
      `${outputs} outputs at ${side} × ${side}: ${few.toFixed(0)} ms, row by row ${every.toFixed(0)} ms (${(every / few).toFixed(1)} times)`,
    );
    x.dispose();
    model.dispose();
  }
}

void main();

/**
 * `npm run bench:path`: all linear regions on the path between two digits, for some pairs, against as many plain forward
 * passes of the model in batches of 256, in one run. Checks first that F on the path is what the model computes.
 */
import * as tf from '@tensorflow/tfjs-node';
import { path, type Path } from '../../kernel-ext/src/paths/path';
import { logitsOf } from '../networks/logits';
import { mnistCnn } from './mnist-cnn';

const PAIRS = [
  [0, 1],
  [2, 3],
  [3, 7],
  [11, 4],
];
const BATCH = 256;

async function main(): Promise<void> {
  const { model, digits } = await mnistCnn();
  const logits = logitsOf(model);
  await path(model, digits.instance(0), digits.instance(1));
  for (const [a, b] of PAIRS) {
    const began = performance.now();
    const way = await path(model, digits.instance(a), digits.instance(b));
    const took = performance.now() - began;
    assertRight(way, logits);
    const forward = await forwardPasses(way, logits);
    const perThousand = (took / way.regions) * 1000;
    console.log(
      `digit ${a} → ${b}: ${way.regions} regions in ${took.toFixed(0)} ms, ${perThousand.toFixed(0)} ms per thousand; ` +
        `${(took / forward).toFixed(2)} times as long as one forward pass per breakpoint; ` +
        `halfway between breakpoints, F is straight to ${way.residual.toExponential(1)}`,
    );
  }
}

/** Compares F at some positions with the model itself. */
function assertRight(way: Path, logits: (x: tf.Tensor) => tf.Tensor): void {
  for (const t of [0, 0.123, 0.5, 0.871, 1]) {
    const y = tf.tidy(() => logits(way.input(t).expandDims()).dataSync());
    const off = way.outputAt(t).reduce((most, v, c) => Math.max(most, Math.abs(v - y[c])), 0);
    if (off > 1e-4) throw new Error(`at t = ${t}, F is off by ${off}`);
  }
}

/** Milliseconds that the model takes at all breakpoints. */
async function forwardPasses(way: Path, logits: (x: tf.Tensor) => tf.Tensor): Promise<number> {
  let took = 0;
  for (let begin = 0; begin < way.t.length; begin += BATCH) {
    const inputs = [...way.t.slice(begin, begin + BATCH)].map(t => way.input(t));
    const x = tf.stack(inputs);
    const began = performance.now();
    const y = logits(x);
    await y.data();
    took += performance.now() - began;
    tf.dispose([inputs, x, y]);
  }
  return took;
}

void main();

/**
 * `npm run validate [-- count]`: the identity F(x) = W·x + b on every MNIST test digit and every class, and W against
 * float64, for the first `count` digits (default: all 10,000). Prints a table, and ends with an error if a bound is broken.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { mnistCnn } from '../bench/mnist-cnn';
import { peerEnvironment } from '../bench/peer-environment';
import { logitsOf } from '../networks/logits';
import { checked, type Checked } from './identity';
import { writePlan } from './plan-file';

const BLOCK = 100;
/**
 * Digits at which all 784 slopes of all classes are measured, with noise added: on a plain background, windows of a pool tie,
 * so a digit lies on the border of its linear region and the slopes to its two sides differ.
 */
const DIFFERENCES = 20;
const NOISE = 0.05;
/** Float32 pre-activations of size 1 that are sums of up to 800 products: about 2^-20. */
const ROUNDING = 2e-6;
/** Above this, a gate has changed between x − h and x + h. */
const SLOPE = 1e-4;

interface Report {
  identity64: number;
  jacrev: number;
  jacrev999: number;
  nearThreshold: number;
  differences: number;
  crossed: number;
  slopes: number;
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 10_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'piecewise-validate-'));
  try {
    const { model, digits } = await mnistCnn();
    const logits = logitsOf(model);
    const identity: number[] = [];
    const ledger: number[] = [];
    for (let at = 0; at < count; at += BLOCK) {
      const x = digits.batch(at, Math.min(BLOCK, count - at));
      const part = await checked(model, logits, x);
      x.dispose();
      identity.push(...part.identity);
      ledger.push(...part.ledger);
      append(folder, '', part);
    }
    const noisy = tf.tidy(() => {
      const x = digits.batch(0, DIFFERENCES);
      return x.add(tf.randomUniform(x.shape, 0, NOISE, 'float32', 1));
    });
    append(folder, 'noisy-', await checked(model, logits, noisy));
    noisy.dispose();
    await model.save(`file://${folder}`);
    await writePlan(model, [BLOCK, 28, 28, 1], folder);
    const settings = {
      shape: [count, 28, 28, 1],
      block: BLOCK,
      differences: DIFFERENCES,
      rounding: ROUNDING,
      slope: SLOPE,
    };
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
    const check = path.join(__dirname, 'check.py');
    const { python } = peerEnvironment();
    const report = JSON.parse(execFileSync(python, [check, folder], { encoding: 'utf8' })) as Report;
    print(count, identity, ledger, report);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Appends x and W to the files that check.py reads. */
function append(folder: string, prefix: string, { x, w }: Checked): void {
  for (const [name, numbers] of Object.entries({ x, w })) {
    appendFileSync(
      path.join(folder, `${prefix}${name}.bin`),
      new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    );
  }
}

function print(count: number, identity: number[], ledger: number[], report: Report): void {
  const rows: [what: string, largest: number, quantile: number | null, bound: number][] = [
    ['F(x) = W·x + b, float32', largest(identity), quantile(identity), 2e-6],
    ['F(x) = Σ W∘x + Σ b by layer, float32', largest(ledger), quantile(ledger), 2e-6],
    ['F(x) = W·x + b, same plan in float64', report.identity64, null, 1e-12],
    ['W against torch.func.jacrev, float64', report.jacrev, report.jacrev999, 1e-5],
    [`W against central differences, ${DIFFERENCES} noisy digits`, NaN, report.differences, 1e-5],
  ];
  console.log(
    `${count} digits × 10 classes, relative to the largest number${' '.repeat(4)}largest     99.9 %`,
  );
  for (const [what, most, most999, bound] of rows) {
    const figures = [most, most999].map(v =>
      (v === null || Number.isNaN(v) ? '' : v.toExponential(1)).padStart(10),
    );
    console.log(`  ${what.padEnd(50)}${figures.join(' ')}`);
    if ((Number.isNaN(most) ? most999! : most) > bound) {
      console.log(`    exceeds its bound of ${bound}`);
      process.exitCode = 1;
    }
  }
  console.log(
    `  not compared: ${report.nearThreshold} digits with a gate within ${ROUNDING} of its threshold, where float32 and float64 ` +
      `may differ; ${report.crossed} of ${report.slopes} slopes cross a gate`,
  );
}

const largest = (values: number[]) => values.reduce((most, v) => Math.max(most, v), 0);
const quantile = (values: number[]) => values.toSorted((a, b) => a - b)[Math.ceil(0.999 * values.length) - 1];

void main();

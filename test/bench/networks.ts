/**
 * `npm run bench:networks [-- part of a network's name]`: networks that people really use, with both executors. Compares the rows
 * of W with tf.grad and, where PyTorch is installed and knows the layers, with torch.func.jacrev in float64, and W·x + b with
 * the output of the model. Prints seconds, and peak memory above that of the loaded model. Each difference is relative to the
 * largest number; one that exceeds its bound ends the run with an error.
 */
import * as tf from '@tensorflow/tfjs-node';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { photographed, type Photographed } from '../networks/photographed';
import { float64Rows } from './float64-rows';
import { peakDuring, residentMebibytes } from './resident-memory';

/** For the identity, whose two sides share their gates. */
const IDENTITY = 1e-5;
/** For float32 sums over some hundred layers on both sides; measured up to 1.3e-6. */
const ROUNDING = 1e-4;
/**
 * Among millions of units, one may lie within rounding of its threshold. Two programs then have different gates and give the W of
 * neighboring regions: measured up to 1e-2. So one of the two executors must agree to rounding, and the other to this.
 */
const OTHER_GATE = 1e-1;

type Slopes = Map<number, Float32Array>;
type Rows = ReadonlyMap<number, ArrayLike<number>>;

async function main(): Promise<void> {
  const wanted = photographed.filter(({ name }) => name.includes(process.argv[2] ?? ''));
  for (const network of wanted) {
    const model = await network.model();
    const x = tf.randomUniform(network.shape, 0, 1, 'float32', 7);
    const slopeOf = network.slopeOf(model);
    slopeOf(x).dispose();
    const before = residentMebibytes();
    const slopes = slopesBy(slopeOf, x, network.rows);
    const { seconds } = await peakDuring(async () => slopesBy(slopeOf, x, network.rows));
    console.log(`\n${network.name}: ${network.rows.length} rows by tf.grad in ${seconds.toFixed(2)} s`);
    const exact = await float64Rows(network, model, x);
    if (typeof exact === 'string') console.log(`  without float64: ${exact}`);
    const references: [string, Rows][] = [['W against tf.grad', slopes]];
    if (typeof exact !== 'string') references.push(['W against float64', exact]);
    const best = new Map(references.map(([what]) => [what, Infinity]));
    for (const executor of ['tfjs', 'onnx'] as const) {
      const all = async () => {
        const lin = await linearize(model, x, { executor });
        return { lin, rows: await rowsOf(lin, network) };
      };
      const first = await peakDuring(all);
      first.result.lin.dispose();
      const { result, ...then } = await peakDuring(all);
      const peak = Math.max(first.mebibytes, then.mebibytes) - before;
      console.log(
        `  ${executor.padEnd(5)} F(x), b and the rows in ${first.seconds.toFixed(2)} s at first, then ${then.seconds.toFixed(2)} s, ` +
          `${(seconds / then.seconds).toFixed(1)} times as fast as the rows by tf.grad; +${peak.toFixed(0)} MiB`,
      );
      const { lin, rows } = result;
      report('W·x + b = F(x)', await identity(lin, x, network), IDENTITY);
      for (const [what, other] of references)
        best.set(what, Math.min(best.get(what)!, compared(what, rows, other)));
      lin.dispose();
    }
    for (const [what, difference] of best)
      if (difference > ROUNDING) fail(`${what}: no executor agrees to ${ROUNDING}`);
    x.dispose();
    model.dispose();
  }
}

/** The rows; if the softmax of a network cannot be removed for tf.grad, their differences from the last one. */
async function rowsOf(lin: Linearization, { rows, contrasts }: Photographed): Promise<Slopes> {
  const found: Slopes = new Map();
  for (const c of rows) {
    const row = contrasts ? await lin.contrast(c, contrasts) : await lin.row(c);
    found.set(c, await row.data<'float32'>());
    row.dispose();
  }
  return found;
}

function slopesBy(slopeOf: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, rows: readonly number[]): Slopes {
  return new Map(
    rows.map(c => {
      const slope = tf.tidy(() => tf.grad((z: tf.Tensor) => slopeOf(z).flatten().slice([c], [1]).sum())(x));
      const values = slope.dataSync<'float32'>();
      slope.dispose();
      return [c, values] as const;
    }),
  );
}

/** max|F(x)_c − (W_c·x + b_c)| over the rows, relative to the largest output; the sum in float64. */
async function identity(lin: Linearization, x: tf.Tensor, { rows }: Photographed): Promise<number> {
  const [values, y, b] = await Promise.all([x, lin.output, lin.bias].map(t => t.data<'float32'>()));
  const scale = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  let largest = 0;
  for (const c of rows) {
    const row = await lin.row(c);
    const sum = (await row.data<'float32'>()).reduce((total, w, i) => total + w * values[i], b[c]);
    row.dispose();
    largest = Math.max(largest, Math.abs(sum - y[c]) / scale);
  }
  return largest;
}

/** The largest difference of an entry, relative to the largest of its row; prints it with the value that 99 % stay below. */
function compared(what: string, rows: Slopes, expected: Rows): number {
  const all = [...rows].map(([c, row]) => {
    const other = expected.get(c)!;
    const scale = row.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    return Float64Array.from(row, (v, i) => Math.abs(v - other[i]) / scale).sort();
  });
  const largest = (at: number) =>
    Math.max(...all.map(sorted => sorted[Math.floor(at * (sorted.length - 1))]));
  report(what, largest(1), OTHER_GATE, `, 99 % of the entries ${largest(0.99).toExponential(1)}`);
  return largest(1);
}

function report(what: string, difference: number, bound: number, more = ''): void {
  console.log(`        ${what.padEnd(20)} ${difference.toExponential(1)}${more}`);
  if (!(difference <= bound)) fail(`beyond its bound of ${bound}`);
}

function fail(reason: string): void {
  console.log(`        ${reason}`);
  process.exitCode = 1;
}

void main();

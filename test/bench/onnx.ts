/**
 * `npm run bench:onnx [-- part of a network's name]`: torchvision's own networks as ONNX files, by both of PyTorch's exporters,
 * against PyTorch in float64: the rows of W (torch.func.jacrev), and b against F − W·x. Prints a table; a difference beyond its
 * bound ends the run with an error. The first run installs PyTorch into the cache and writes the files there (6 GB and 4 GB).
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { compile, loadOnnx } from '../../kernel-ext/src';
import { cacheFolder } from '../../kernel-ext/src/data/cache';
import { isSound } from '../../kernel-ext/src/payload/residual';
import {
  difference,
  largest,
  ONNX_FIXTURES,
  type OnnxReference,
  onnxReferences,
  referenceNumbers,
} from '../networks/onnx-references';
import { peerEnvironment } from './peer-environment';

/** Where float32 agrees with float64 on every unit's side. */
const ROUNDING = 1e-5;
/**
 * Among millions of units, some lie within rounding of their kinks. Float32 then gives W and b of a neighboring region, as
 * docs/benchmarks.md shows unit by unit. In PyTorch it often does, too: the column "float32" shows how far PyTorch's own W in
 * float32 is from its W in float64.
 */
const OTHER_GATES = { w: 1e-1, b: 1 };
const SAME_GATES = { w: ROUNDING, b: ROUNDING };
/** Their files have other gates in float64, too: the exporters fold batch normalization into the weights in float32. */
const FOLDED_TO_OTHER_GATES = new Set(['shufflenet_v2_x1_0']);

const FOLDER = path.join(cacheFolder(), 'onnx-networks');
const COLUMNS = ['network', 'exporter', 'opset', 'map', 'W', 'W, 99 %', 'float32', 'b', 'residual', 'compile [s]', 'first W [s]']; // prettier-ignore
const WIDTHS = [19, 12, 6, 8, 9, 9, 9, 9, 9, 12, 12];

async function main(): Promise<void> {
  const references = filesOfPyTorch().filter(({ network }) => network.includes(process.argv[2] ?? ''));
  console.log(line(COLUMNS));
  let failed = 0;
  for (const reference of references) {
    try {
      if (!(await compared(reference))) failed++;
    } catch (error) {
      failed++;
      console.log(`${line([reference.network, reference.exporter ?? ''])} ${(error as Error).message}`);
    }
  }
  if (failed > 0)
    throw new Error(`${failed} of ${references.length} files are refused or beyond their bounds`);
}

/** The files in the cache; if there are none, PyTorch writes them. */
function filesOfPyTorch(): OnnxReference[] {
  if (onnxReferences(FOLDER, 'networks').length === 0) {
    const { python } = peerEnvironment(path.join(__dirname, 'peers', 'onnx-requirements.txt'));
    const script = path.join(ONNX_FIXTURES, 'make-networks.py');
    spawnSync(python, [script, '--full', FOLDER], { stdio: 'inherit' });
  }
  return onnxReferences(FOLDER, 'networks');
}

/** Prints one row. @returns whether every number is within its bound */
async function compared(reference: OnnxReference): Promise<boolean> {
  const { x, weights, biases, largestWeight } = referenceNumbers(FOLDER, reference);
  const { network, exporter, opset, exact, shape, output, float32 = 0 } = reference;
  const model = await loadOnnx(path.join(FOLDER, reference.file));
  const started = performance.now();
  const net = await compile(model, shape);
  const compiled = performance.now();
  const lin = await net.linearize(tf.tensor(x, shape));
  const found = { largest: 0, most: 0, shift: 0 };
  let first = 0;
  const bias = await lin.bias.data<'float32'>();
  const scale = largest(output);
  for (const [c, expected] of weights) {
    const row = await lin.row(c);
    const values = await row.data<'float32'>();
    row.dispose();
    first ||= performance.now() - compiled;
    found.largest = Math.max(found.largest, difference(values, expected, largestWeight));
    found.most = Math.max(found.most, ninetyNinth(values, expected, largestWeight));
    found.shift = Math.max(found.shift, Math.abs(bias[c] - biases.get(c)!) / scale);
  }
  const residual = await lin.residual();
  const seconds = [compiled - started, first].map(ms => (ms / 1000).toFixed(1));
  const numbers = [found.largest, found.most, float32, found.shift, residual.relative].map(n =>
    n.toExponential(1),
  );
  console.log(
    line([network, exporter ?? '', String(opset), exact ? 'exact' : 'tangent', ...numbers, ...seconds]),
  );
  lin.dispose();
  model.dispose();
  const hasSameGates = float32 < ROUNDING / 3 && !FOLDED_TO_OTHER_GATES.has(network);
  const bounds = hasSameGates ? SAME_GATES : OTHER_GATES;
  return found.largest < bounds.w && found.shift < bounds.b && isSound(residual) && lin.exact === exact;
}

/** The relative difference that 99 % of the entries stay below. */
function ninetyNinth(got: ArrayLike<number>, expected: Float64Array, scale: number): number {
  const sorted = expected.map((w, i) => Math.abs(got[i] - w) / scale).sort();
  return sorted[Math.floor(0.99 * (sorted.length - 1))];
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(WIDTHS[i])).join('');
}

void main();

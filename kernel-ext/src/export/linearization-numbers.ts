import { checkOption, LIST } from '../errors/check-options';
import type { Linearization } from '../linearization/linearization';
import { NumbersError } from '../display/errors';
import { NameCountError } from '../errors';
import { classIndex, largest } from '../display/chosen-class';
import { featuresOf } from '../display/feature-names';
import { decompositionCsv, npyBytes } from '../payload';

/** The arrays of a linearization that can be written into an NPY file. */
const ARRAYS = ['weights', 'contributions', 'input', 'output', 'bias', 'biasByLayer'] as const;

/** Which numbers of a linearization to write. */
export interface LinearizationNumbers {
  /** R rows of W, by index or label. Default: the one with the largest output. 'all': C × D numbers. */
  rows?: readonly (number | string)[] | 'all';
  /**
   * The array of an NPY file: 'weights' W or 'contributions' W∘x, [R, ...x]; 'input' x; 'output' F(x) or 'bias' b, [C];
   * 'biasByLayer', [layers, C]. Default: 'weights'. A CSV file has all of them in one table.
   */
  of?: (typeof ARRAYS)[number];
  /** Which instance of a batch. Default: 0. */
  instance?: number;
  /** Names of the C outputs. Default: those of the linearization. */
  labels?: readonly string[];
  /** Names of the D entries of x. Default: those of named inputs, else their positions. */
  features?: readonly string[];
}

const COMMAND = 'saveNumbers';

/** One line per entry of x, then b by layer, b and F(x). */
export async function linearizationCsv(lin: Linearization, options: LinearizationNumbers): Promise<string> {
  const instance = lin.instance(options.instance ?? 0);
  const labels = labelsOf(lin, options);
  const x = await instance.input();
  const output = await instance.output();
  const indices = rowsOf(options.rows, output, labels);
  const rows = await instance.rows(indices);
  return decompositionCsv({
    x,
    shape: instance.shape,
    ...featuresOf(lin, options, x.length, COMMAND),
    labels,
    rows: indices.map((index, i) => ({ index, weights: rows[i] })),
    biasByLayer: await instance.biasByLayer(indices),
    bias: await instance.bias(),
    output,
  });
}

/** The array that `of` names. */
export async function linearizationNpy(
  lin: Linearization,
  options: LinearizationNumbers,
): Promise<Uint8Array> {
  const instance = lin.instance(options.instance ?? 0);
  const { of = 'weights' } = options;
  if (!ARRAYS.includes(of)) throw new NumbersError(`of: '${String(of)}'`, `one of ${ARRAYS.join(', ')}`);
  const [classes] = lin.weights.shape;
  if (of === 'input') return npyBytes(instance.shape, await instance.input());
  if (of === 'output' || of === 'bias') return npyBytes([classes], await instance[of]());
  if (of === 'biasByLayer') {
    const layers = await instance.biasByLayer();
    return npyBytes([layers.length, classes], Float32Array.from(layers.flatMap(({ bias }) => [...bias])));
  }
  const indices = rowsOf(options.rows, await instance.output(), labelsOf(lin, options));
  const rows = await instance.rows(indices);
  const x = await instance.input();
  const shown = of === 'weights' ? rows : rows.map(row => row.map((w, i) => w * x[i]));
  return npyBytes([indices.length, ...instance.shape], joined(shown, x.length));
}

/** @throws NameCountError */
function labelsOf(lin: Linearization, { labels = lin.labels }: LinearizationNumbers): readonly string[] {
  const [classes] = lin.weights.shape;
  if (labels.length !== classes)
    throw new NameCountError(COMMAND, 'labels', labels.length, 'outputs', classes);
  return labels;
}

/** @throws UnknownLabelError, ClassIndexError */
function rowsOf(
  rows: LinearizationNumbers['rows'],
  output: Float32Array,
  labels: readonly string[],
): number[] {
  if (rows === 'all') return [...labels.keys()];
  checkOption(COMMAND, 'rows', rows, {
    fits: LIST.fits,
    wanted: "outputs by label or index, in an array, or 'all'",
  });
  return rows ? rows.map(row => classIndex(row, labels, COMMAND)) : [largest(output)];
}

function joined(rows: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => all.set(row, i * width));
  return all;
}

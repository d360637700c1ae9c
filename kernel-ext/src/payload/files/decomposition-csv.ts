import { csvText } from './csv-text';
import { entryName } from '../words/entry-name';

/** F(x) = W·x + b at one input, with the rows of W that are available. */
export interface DecompositionNumbers {
  /** [D] */
  x: Float32Array;
  /** Of x. */
  shape: readonly number[];
  /** Names of the D entries; absent: their positions. */
  features?: readonly string[];
  /** Of the C outputs. */
  labels: readonly string[];
  /** Some rows of W, D numbers each. */
  rows: readonly { index: number; weights: Float32Array }[];
  /** For each row, the part of b of its output; undefined where it is not known. */
  biasByLayer: readonly { layer: string; bias: ArrayLike<number | undefined> }[];
  /** b and F(x), [C]. */
  bias: ArrayLike<number>;
  output: ArrayLike<number>;
}

/**
 * The numbers of a decomposition: one line per entry of x with x and, for each row, w and w·x; then b by layer, b, and F(x). In
 * each column w·x the entries and b sum to F(x), and so do the entries and the layers.
 */
export function decompositionCsv(d: DecompositionNumbers): string {
  const head = [
    'entry',
    'x',
    ...d.rows.flatMap(({ index }) => [`w ${d.labels[index]}`, `w·x ${d.labels[index]}`]),
  ];
  return csvText(head, lines());

  function* lines(): Generator<(string | number)[]> {
    for (let i = 0; i < d.x.length; i++) {
      const products = d.rows.flatMap(({ weights }) => [weights[i], weights[i] * d.x[i]]);
      yield [entryName(i, d.shape, d.features), d.x[i], ...products];
    }
    for (const { layer, bias } of d.biasByLayer) yield total(`b of ${layer}`, row => bias[row] ?? '');
    yield total('b', row => d.bias[d.rows[row].index]);
    yield total('F(x)', row => d.output[d.rows[row].index]);
  }

  function total(name: string, of: (row: number) => string | number): (string | number)[] {
    return [name, '', ...d.rows.flatMap((_, row) => ['', of(row)])];
  }
}

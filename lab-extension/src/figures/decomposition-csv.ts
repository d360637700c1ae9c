import type { ExplorerModel } from '../models/explorer-model';
import { csv } from './csv';
import { entryName } from './features';

/**
 * The numbers behind an explorer: a line an entry of x with x and, for every class whose row is here, w and w·x; then b and
 * F(x). So each column of w·x sums to its logit.
 */
export function decompositionCsv({ decomposition: d, rows }: ExplorerModel): string {
  const classes = rows.present();
  const head = ['entry', 'x', ...classes.flatMap(c => [`w ${d.labels[c]}`, `w·x ${d.labels[c]}`])];
  return csv(head, lines());

  function* lines(): Generator<(string | number)[]> {
    const weights = classes.map(c => rows.get(c)!.values);
    const { values: x } = d.input;
    for (let i = 0; i < x.length; i++) {
      yield [entryName(i, d), x[i], ...weights.flatMap(w => [w[i], w[i] * x[i]])];
    }
    yield ['b', '', ...classes.flatMap(c => ['', d.bias[c]])];
    yield ['F(x)', '', ...classes.flatMap(c => ['', d.output[c]])];
  }
}

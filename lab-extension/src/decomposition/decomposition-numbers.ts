import { decompositionCsv, npyBytes, product } from 'piecewise/payload';
import type { DecompositionModel } from './decomposition-model';

/**
 * The numbers that a view shows, in the order of the network: x; w and w·x of every class whose row is here; b by layer, b and
 * F(x).
 */
export function rowsCsv({ decomposition: d, rows }: DecompositionModel): string {
  const { order } = d;
  const present = rows.present();
  return decompositionCsv({
    ...d,
    x: order.toNetwork(d.input.values),
    shape: order.own,
    features: d.features && order.toNetwork(d.features),
    rows: present.map(index => ({ index, weights: order.toNetwork(rows.get(index)!.values) })),
    biasByLayer: d.biasLayers.map((layer, i) => ({
      layer,
      bias: present.map(index => rows.sums(index)?.biasByLayer[i]),
    })),
  });
}

/** x, W and W∘x of the class or contrast that is shown, [3, ...x], in the order of the network; NaN where a row is missing. */
export function rowsNpy({
  decomposition: { input, order },
  subject,
}: DecompositionModel): Uint8Array<ArrayBuffer> {
  const x = input.values;
  const w = subject.weights ?? new Float32Array(x.length).fill(NaN);
  const all = new Float32Array(3 * x.length);
  [x, w, product(w, x)].forEach((values, i) => all.set(order.toNetwork(values), i * x.length));
  return npyBytes([3, ...order.own], all);
}

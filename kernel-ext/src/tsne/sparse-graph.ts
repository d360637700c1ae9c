/**
 * Weights between points, with one row per point. Those of row i are `weights[starts[i] … starts[i + 1] − 1]`, to the points
 * `columns[…]`, in ascending order.
 */
export interface SparseGraph {
  /** N */
  readonly points: number;
  /** [N + 1] */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Makes a directed graph symmetric: the weight of the pair {i, j} is `combine(w_ij, w_ji)`, 0 where there is no edge.
 *
 * @param k edges per point
 * @param targets [N·k], the point at which each edge ends
 * @param weights [N·k]
 */
export function symmetrized(
  points: number,
  k: number,
  targets: Int32Array,
  weights: Float64Array,
  combine: (forth: number, back: number) => number,
): SparseGraph {
  const incoming = transposed(points, k, targets, weights);
  const starts = new Int32Array(points + 1);
  const columns = new Int32Array(2 * targets.length);
  const values = new Float32Array(2 * targets.length);
  let size = 0;
  for (let i = 0; i < points; i++) {
    const row = new Map<number, { forth: number; back: number }>();
    for (let e = i * k; e < (i + 1) * k; e++) row.set(targets[e], { forth: weights[e], back: 0 });
    for (let e = incoming.starts[i]; e < incoming.starts[i + 1]; e++) {
      const both = row.get(incoming.sources[e]);
      if (both) both.back = incoming.weights[e];
      else row.set(incoming.sources[e], { forth: 0, back: incoming.weights[e] });
    }
    for (const j of Int32Array.from(row.keys()).sort()) {
      const { forth, back } = row.get(j)!;
      columns[size] = j;
      values[size++] = combine(forth, back);
    }
    starts[i + 1] = size;
  }
  return { points, starts, columns: columns.slice(0, size), weights: values.slice(0, size) };
}

/** The edges, sorted by the point at which they end. */
function transposed(points: number, k: number, targets: Int32Array, weights: Float64Array) {
  const starts = new Int32Array(points + 1);
  for (const target of targets) starts[target + 1]++;
  for (let i = 0; i < points; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const sources = new Int32Array(targets.length);
  const sorted = new Float64Array(targets.length);
  targets.forEach((target, e) => {
    const at = next[target]++;
    sources[at] = Math.floor(e / k);
    sorted[at] = weights[e];
  });
  return { starts, sources, weights: sorted };
}

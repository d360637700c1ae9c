import { type Random, shuffle } from './random';
import type { SparseGraph } from './sparse-graph';

/** Pairs of points: edge e goes from heads[e] to tails[e]. */
export interface Edges {
  heads: Int32Array;
  tails: Int32Array;
}

/** Draws edges of a graph in proportion to their weights. */
export class EdgeSampler {
  private readonly cumulative: Float64Array;
  private readonly alike: ReadonlyMap<string, readonly number[]>;

  /**
   * @param labels classes for `supervision`; null where a point has none
   * @param supervision share of the edges, 0 … 1, that lead from a labeled point to one of its class instead; if the
   *   point itself is drawn, it keeps its neighbor
   */
  constructor(
    readonly graph: SparseGraph,
    private readonly labels: readonly (string | null)[] | null = null,
    private readonly supervision = 0,
  ) {
    let sum = 0;
    this.cumulative = Float64Array.from(graph.weights, weight => (sum += weight));
    this.alike = membersOf(supervision > 0 ? (labels ?? []) : []);
  }

  /** As many edges as there are points, in random order, each drawn from its own slice of the total weight. */
  epoch(random: Random): Edges {
    const { points, columns } = this.graph;
    const total = this.cumulative[this.cumulative.length - 1];
    const edges = new Int32Array(points);
    for (let e = 0; e < points; e++) edges[e] = this.edgeAt(((e + random()) / points) * total);
    shuffle(edges, random);
    const heads = edges.map(edge => this.headOf(edge));
    return { heads, tails: edges.map((edge, e) => this.classmate(heads[e], random) ?? columns[edge]) };
  }

  private classmate(head: number, random: Random): number | undefined {
    const label = this.supervision > 0 ? this.labels?.[head] : null;
    if (typeof label !== 'string' || random() >= this.supervision) return undefined;
    const members = this.alike.get(label)!;
    const other = members[Math.floor(random() * members.length)];
    return other === head ? undefined : other;
  }

  private edgeAt(position: number): number {
    return firstAbove(this.cumulative, position);
  }

  private headOf(edge: number): number {
    return firstAbove(this.graph.starts, edge) - 1;
  }
}

/** In ascending values, the first index whose value is above `bound`; the last index if none is. */
function firstAbove(values: ArrayLike<number>, bound: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The points of each class. */
export function membersOf(labels: readonly (string | null)[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  labels.forEach((label, i) => {
    if (label === null) return;
    const known = members.get(label);
    if (known) known.push(i);
    else members.set(label, [i]);
  });
  return members;
}

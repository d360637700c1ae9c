import type { Work } from '../linear-map/work';
import { PerplexityError } from './errors';
import { type Neighbors, nearestNeighbors, type NeighborSearch } from './neighbors';
import { conditionalProbabilities } from './perplexity';
import type { Rows } from './points';
import { type SparseGraph, symmetrized } from './sparse-graph';

/** Up to this many points, every pair has an affinity; beyond, only the 3 · perplexity nearest neighbors do. */
const MOST_FOR_ALL_PAIRS = 1000;

export interface AffinityOptions extends Work {
  /** How many neighbors a point effectively has; for several values, their affinities are averaged. Default: 30. */
  perplexity?: number | readonly number[];
  /** true: all pairs; false: the 3 · perplexity nearest neighbors. Default: all pairs up to 1,000 points. */
  allPairs?: boolean;
  /** How to search for neighbors. Default: 'exact' for up to 100,000 points, else 'approximate'. */
  search?: NeighborSearch;
}

/**
 * P of t-SNE: p_ij = (p(j|i) + p(i|j)) / 2N with the perplexity of each point calibrated to 1e-5 in its logarithm (van
 * der Maaten & Hinton 2008), over all pairs or over nearest neighbors (van der Maaten 2014). Several perplexities are
 * averaged (Lee et al. 2015; Kobak & Berens 2019).
 *
 * @returns a symmetric graph whose weights sum to 1
 * @throws PerplexityError
 */
export async function affinities(rows: Rows, options: AffinityOptions = {}): Promise<SparseGraph> {
  const perplexities = [options.perplexity ?? 30].flat();
  for (const perplexity of perplexities)
    if (!(perplexity > 1 && perplexity < rows.count - 1)) throw new PerplexityError(perplexity, rows.count);
  const all = options.allPairs ?? rows.count <= MOST_FOR_ALL_PAIRS;
  const others = rows.count - 1;
  const k = all ? others : Math.min(others, Math.ceil(3 * Math.max(...perplexities)));
  const neighbors = await nearestNeighbors(rows, k, all ? 'exact' : options.search, options);
  return joint(neighbors, perplexities);
}

function joint({ count, k, indices, squared }: Neighbors, perplexities: readonly number[]): SparseGraph {
  const conditional = new Float64Array(count * k);
  const one = new Float64Array(k);
  for (let i = 0; i < count; i++) {
    const distances = squared.subarray(i * k, (i + 1) * k);
    for (const perplexity of perplexities) {
      conditionalProbabilities(distances, perplexity, one);
      one.forEach((p, j) => (conditional[i * k + j] += p / perplexities.length));
    }
  }
  return symmetrized(count, k, indices, conditional, (forth, back) => (forth + back) / (2 * count));
}

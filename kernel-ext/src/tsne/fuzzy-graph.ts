import type { Neighbors } from './neighbors';
import { type SparseGraph, symmetrized } from './sparse-graph';

const TOLERANCE = 1e-5;
const MOST_STEPS = 64;
/** A bandwidth is at least this share of the mean distance, as in umap-learn. */
const LEAST_BANDWIDTH = 1e-3;

/**
 * UMAP's fuzzy graph (McInnes et al., arXiv 1802.03426, section 3.1): the membership of an edge is
 * exp(−max(0, d − ρ) / σ), where ρ is the distance to the nearest neighbor that is not a duplicate, and σ makes the memberships
 * of a point sum to log₂(k + 1); the two directions of an edge are combined as a + b − a·b.
 *
 * @param neighbors the k nearest others; umap-learn also counts the point itself, so its n_neighbors is k + 1
 */
export function fuzzyGraph({ count, k, indices, squared }: Neighbors): SparseGraph {
  const distances = squared.map(Math.sqrt);
  const overall = distances.reduce((sum, d) => sum + d, 0) / (count * (k + 1));
  const memberships = new Float64Array(count * k);
  for (let i = 0; i < count; i++)
    memberships.set(membershipsOf(distances.subarray(i * k, (i + 1) * k), overall), i * k);
  return symmetrized(count, k, indices, memberships, (forth, back) => forth + back - forth * back);
}

function membershipsOf(distances: Float64Array, overall: number): Float64Array {
  const nearest = distances.find(d => d > 0) ?? 0;
  const at = (sigma: number) => distances.map(d => (d > nearest ? Math.exp(-(d - nearest) / sigma) : 1));
  const wanted = Math.log2(distances.length + 1);
  let low = 0;
  let high = Infinity;
  let sigma = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const difference = at(sigma).reduce((sum, m) => sum + m, 0) - wanted;
    if (Math.abs(difference) < TOLERANCE) break;
    if (difference > 0) high = sigma;
    else low = sigma;
    sigma = high === Infinity ? 2 * sigma : (low + high) / 2;
  }
  const mean = distances.reduce((sum, d) => sum + d, 0) / (distances.length + 1);
  return at(Math.max(sigma, LEAST_BANDWIDTH * (nearest > 0 ? mean : overall)));
}

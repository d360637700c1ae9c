/** A merge of two clusters: their numbers, and how far apart they were. Numbers from N on are earlier merges, in order. */
interface Merge {
  first: number;
  second: number;
  distance: number;
}

/**
 * Agglomerative clustering with average linkage: the distance of two clusters is the mean distance of their members (Lance and Williams
 * 1967), found by the chain of nearest neighbors (Murtagh 1983) in time N².
 *
 * @param distances [N, N] row major, symmetric
 * @param wanted how many clusters, from 1 to N
 * @returns the cluster of each of the N, numbered from 0 as they are met
 */
export function averageLinkage(distances: Float64Array, wanted: number): Int32Array {
  const count = Math.round(Math.sqrt(distances.length));
  const merges = merged(Float64Array.from(distances), count).sort((a, b) => a.distance - b.distance);
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => (parent[i] === i ? i : (parent[i] = root(parent[i])));
  for (const { first, second } of merges.slice(0, count - wanted)) parent[root(second)] = root(first);
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: count }, (_, i) => {
    const number = numbers.get(root(i)) ?? numbers.size;
    numbers.set(root(i), number);
    return number;
  });
}

/** All N − 1 merges, each named by one member of either cluster. */
function merged(distances: Float64Array, count: number): Merge[] {
  const sizes = new Int32Array(count).fill(1);
  const chain: number[] = [];
  const merges: Merge[] = [];
  while (merges.length < count - 1) {
    if (chain.length === 0) chain.push(sizes.findIndex(size => size > 0));
    const last = chain.at(-1)!;
    const before = chain.at(-2);
    const next = nearest(distances, sizes, last, before);
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    merges.push({ first: next, second: last, distance: distances[last * count + next] });
    for (let k = 0; k < count; k++) {
      const mean =
        (sizes[next] * distances[next * count + k] + sizes[last] * distances[last * count + k]) /
        (sizes[next] + sizes[last]);
      distances[next * count + k] = distances[k * count + next] = mean;
    }
    sizes[next] += sizes[last];
    sizes[last] = 0;
  }
  return merges;
}

/** The nearest of the remaining clusters; if several are equally near, the previous one in the chain, so that chains end. */
function nearest(
  distances: Float64Array,
  sizes: Int32Array,
  own: number,
  before: number | undefined,
): number {
  const count = sizes.length;
  let best = before ?? -1;
  for (let k = 0; k < count; k++) {
    if (k === own || sizes[k] === 0) continue;
    if (best < 0 || distances[own * count + k] < distances[own * count + best]) best = k;
  }
  return best;
}

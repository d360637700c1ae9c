/**
 * Ranks of some indices by distance: 1 for the nearest, 2 for the next; if distances are equal, the lower index comes first.
 * @param chosen the indices whose ranks are wanted
 * @param self an index that does not count, such as the point itself
 * @returns the ranks in ascending order, which need not be the order of `chosen`
 */
export function ranksOf(distances: Float32Array, chosen: Int32Array, self: number): Int32Array {
  const sorted = Int32Array.from(chosen).sort((i, j) => distances[i] - distances[j] || i - j);
  const bounds = Float32Array.from(sorted, i => distances[i]);
  const last = sorted.length - 1;
  const farthest = bounds[last];
  /** How many points there are from each chosen one, or from the start, up to the next. */
  const counts = new Int32Array(sorted.length + 1);
  for (let l = 0; l < distances.length; l++) {
    const distance = distances[l];
    if (distance > farthest || l === self) continue;
    let at = last;
    while (at >= 0 && (distance < bounds[at] || (distance === bounds[at] && l < sorted[at]))) at--;
    counts[at + 1]++;
  }
  // A chosen point is itself the first of those that are counted from it on.
  const ranks = new Int32Array(sorted.length);
  let before = 0;
  for (let at = 0; at <= last; at++) {
    before += counts[at];
    ranks[at] = before + 1;
  }
  return ranks;
}

/** Ranks from 1 of numbers of at least 0; equal numbers share the mean of their ranks. */
export function averageRanks(values: Float32Array): Float64Array {
  // The bits of such numbers are ordered as the numbers are, so a native sort of bits and indices together sorts the indices.
  const pairs = new Uint32Array(2 * values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    pairs[2 * i] = i;
    pairs[2 * i + 1] = values[i] === 0 ? 0 : bits[i];
  }
  new BigUint64Array(pairs.buffer).sort();
  const ranks = new Float64Array(values.length);
  for (let begin = 0; begin < values.length;) {
    let end = begin + 1;
    while (end < values.length && pairs[2 * end + 1] === pairs[2 * begin + 1]) end++;
    for (let i = begin; i < end; i++) ranks[pairs[2 * i]] = (begin + end + 1) / 2;
    begin = end;
  }
  return ranks;
}

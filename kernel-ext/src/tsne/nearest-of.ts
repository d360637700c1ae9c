/**
 * Indices of the k smallest distances, nearest first; if distances are equal, the lower index comes first.
 * @param except an index that does not count, such as the point itself
 */
export function nearestOf(distances: Float32Array, k: number, except = -1): Int32Array {
  const nearest = new Int32Array(k);
  let size = 0;
  let bound = Infinity;
  for (let j = 0; j < distances.length; j++) {
    const distance = distances[j];
    if ((size === k && distance >= bound) || j === except) continue;
    let at = size < k ? size++ : k - 1;
    for (; at > 0 && distances[nearest[at - 1]] > distance; at--) nearest[at] = nearest[at - 1];
    nearest[at] = j;
    bound = distances[nearest[size - 1]];
  }
  return nearest.subarray(0, size);
}

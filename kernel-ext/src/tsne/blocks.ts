/** Points whose maps are computed together. */
const BLOCK = 250;

/** The indices in blocks of at most 250. */
export function* blocksOf(indices: readonly number[]): Generator<readonly number[]> {
  for (let begin = 0; begin < indices.length; begin += BLOCK) yield indices.slice(begin, begin + BLOCK);
}

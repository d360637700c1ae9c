/** The indices in blocks of at most `block`. */
export function* blocksOf(indices: readonly number[], block = 250): Generator<readonly number[]> {
  for (let begin = 0; begin < indices.length; begin += block) yield indices.slice(begin, begin + block);
}

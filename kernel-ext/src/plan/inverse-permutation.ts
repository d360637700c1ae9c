/** The permutation that takes another one back: axis i of the original is axis inverse[i] of what was permuted. */
export const inversePermutation = (permutation: readonly number[]): number[] =>
  permutation.map((_, axis) => permutation.indexOf(axis));

/** The finite values, ascending. */
export const sortedFinite = (values: readonly number[]): number[] =>
  values.filter(Number.isFinite).sort((a, b) => a - b);

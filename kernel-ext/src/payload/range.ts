/** The lowest and the highest value of a list or a scale. */
export interface Range {
  low: number;
  high: number;
}

/** The lowest and the highest of some values; {low: ∞, high: −∞} if there are none. */
export function rangeOf(values: ArrayLike<number>): Range {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return { low, high };
}

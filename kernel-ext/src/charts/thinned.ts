/**
 * Chooses the values to draw so that a long line still looks the same: the smallest and the largest of each stretch.
 * @param stretches number of stretches; up to twice as many values are all kept
 * @returns indices, ascending
 */
export function thinned(values: readonly number[], stretches: number): number[] {
  if (values.length <= 2 * stretches) return values.map((_, i) => i);
  const chosen: number[] = [];
  const length = values.length / stretches;
  for (let s = 0; s < stretches; s++) {
    const [start, end] = [Math.floor(s * length), Math.floor((s + 1) * length)];
    let [smallest, largest] = [start, start];
    for (let i = start; i < end; i++) {
      if (values[i] < values[smallest] || Number.isNaN(values[smallest])) smallest = i;
      if (values[i] > values[largest] || Number.isNaN(values[largest])) largest = i;
    }
    chosen.push(...new Set([Math.min(smallest, largest), Math.max(smallest, largest)]));
  }
  return chosen;
}

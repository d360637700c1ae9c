/**
 * Which of many values a line goes through so that it still looks the same: the least and the largest of each stretch.
 * @param stretches how many there are; up to twice as many values are all kept
 * @returns indices, ascending
 */
export function thinned(values: readonly number[], stretches: number): number[] {
  if (values.length <= 2 * stretches) return values.map((_, i) => i);
  const chosen: number[] = [];
  const length = values.length / stretches;
  for (let s = 0; s < stretches; s++) {
    const [start, end] = [Math.floor(s * length), Math.floor((s + 1) * length)];
    let [least, largest] = [start, start];
    for (let i = start; i < end; i++) {
      if (values[i] < values[least] || Number.isNaN(values[least])) least = i;
      if (values[i] > values[largest] || Number.isNaN(values[largest])) largest = i;
    }
    chosen.push(...new Set([Math.min(least, largest), Math.max(least, largest)]));
  }
  return chosen;
}

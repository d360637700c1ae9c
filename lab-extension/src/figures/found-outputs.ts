/** At most this many outputs are found. */
const MOST_FOUND = 100;

/**
 * The outputs whose labels contain a text, whatever its case, largest first, and the selected one.
 * @param wanted not empty
 */
export function foundOutputs(
  labels: readonly string[],
  output: readonly number[],
  wanted: string,
  selected: number,
): number[] {
  const text = wanted.toLowerCase();
  const found = [...labels.keys()]
    .filter(c => labels[c].toLowerCase().includes(text))
    .sort((i, j) => output[j] - output[i])
    .slice(0, MOST_FOUND);
  return found.includes(selected) ? found : [...found, selected];
}

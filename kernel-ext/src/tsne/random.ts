import seedrandom from 'seedrandom';

/** Numbers in 0 … 1. */
export type Random = () => number;

/** The same numbers for the same seed and purpose, whatever is drawn elsewhere, so that an epoch can be repeated alone. */
export function randomFor(seed: number, purpose: string): Random {
  return seedrandom(`${seed} ${purpose}`);
}

/** Shuffles in place (Fisher & Yates). */
export function shuffle(values: Int32Array, random: Random): Int32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

/** `count` different numbers from 0 to n − 1, in ascending order; all n if count is larger. */
export function sampleOf(n: number, count: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return n <= count ? all : shuffle(all, random).slice(0, count).sort();
}

import { tileDone, type Work } from '../linear-map/work';
import type { MarginReader } from '../regions/margin-reader';
import type { Line } from './line';

/** How integrated gradients are sampled: at the beginning of each step, at its end, or at both with half the weight. */
export type SamplingRule = 'left' | 'right' | 'trapezoid';

/** Parameters t of inputs on the path, and the weight of the gradient at each. */
export interface Nodes {
  t: number[];
  weights: number[];
}

/** The middle of each piece, where W is that of the whole piece, so that no quadrature is needed. */
export function exactNodes(breakpoints: ArrayLike<number>): Nodes {
  const ends = Array.from(breakpoints);
  const stretches = ends.slice(1).map((to, i) => ({ from: ends[i], to }));
  return {
    t: stretches.map(({ from, to }) => (from + to) / 2),
    weights: stretches.map(({ from, to }) => to - from),
  };
}

/** A rule with steps of equal length (Sundararajan et al., arXiv 1703.01365, uses 'right'). */
export function sampledNodes(steps: number, rule: SamplingRule): Nodes {
  const ts = Array.from({ length: steps + 1 }, (_, k) => k / steps);
  const weight = (k: number) => {
    if (rule === 'trapezoid') return k === 0 || k === steps ? 0.5 / steps : 1 / steps;
    return k === (rule === 'left' ? steps : 0) ? 0 : 1 / steps;
  };
  const kept = [...ts.keys()].filter(k => weight(k) > 0);
  return { t: kept.map(k => ts[k]), weights: kept.map(weight) };
}

/** Inputs whose rows are held at once. */
const BLOCK = 64;

/**
 * (Σ weights · W_c at the nodes) ∘ (x' − x), summed in float64.
 * @returns [R·D], the outputs one after the other
 * @throws AbortError
 */
export async function gradientSums(
  reader: MarginReader,
  line: Line,
  { t, weights }: Nodes,
  outputs: readonly number[],
  work: Work,
): Promise<Float64Array> {
  const sums = new Float64Array(outputs.length * reader.inputs);
  for (let begin = 0; begin < t.length; begin += BLOCK) {
    const rows = await reader.rowsAt(line.points(t.slice(begin, begin + BLOCK)), outputs);
    rows.forEach((row, i) => {
      const weight = weights[begin + i];
      for (let k = 0; k < row.length; k++) sums[k] += weight * row[k];
    });
    await tileDone(work, Math.min(1, (begin + BLOCK) / t.length));
  }
  const { direction } = line;
  return sums.map((sum, k) => sum * direction[k % direction.length]);
}

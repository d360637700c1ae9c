import type { ExplainedPayload } from 'piecewise/payload';

/** Why a point is where it is: on each axis its place is Σ w·x + b. */
export interface Explanation extends Pick<
  ExplainedPayload,
  'output' | 'bias' | 'exact' | 'policies' | 'residual'
> {
  /** Index in the data. */
  point: number;
  /** [D] */
  x: Float32Array;
  /** W, [axes·D]. */
  w: Float32Array;
  /** W∘x on each axis, [D] each. */
  contributions: Float32Array[];
}

/** @param known w: W, [axes·D] */
export function explanationOf(known: Omit<Explanation, 'contributions'>): Explanation {
  return { ...known, contributions: contributionsOf(known, known.x) };
}

/** W∘x' on each axis, of the same W at another input. */
export function contributionsOf(
  { w, output }: Pick<Explanation, 'w' | 'output'>,
  x: Float32Array,
): Float32Array[] {
  return output.map((_, axis) => x.map((v, i) => v * w[axis * x.length + i]));
}

/** W·x' + b: where the map of x puts x'. */
export function predictedCoordinates(explanation: Explanation, x: Float32Array): number[] {
  return contributionsOf(explanation, x).map((values, axis) =>
    values.reduce((sum, value) => sum + value, explanation.bias[axis]),
  );
}

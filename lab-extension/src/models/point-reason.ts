import type { ExplainedPayload } from 'piecewise/payload';

/** Why a point is where it is: on each axis its place is Σ w·x + b. */
export interface PointReason extends Pick<
  ExplainedPayload,
  'output' | 'bias' | 'exact' | 'policies' | 'residual'
> {
  /** Index in the data. */
  point: number;
  /** [D] */
  x: Float32Array;
  /** W∘x on each axis, [D] each. */
  contributions: Float32Array[];
}

/** @param known w: W, [axes·D] */
export function reasonOf(known: Omit<PointReason, 'contributions'> & { w: Float32Array }): PointReason {
  const { w, ...rest } = known;
  const size = rest.x.length;
  const contributions = rest.output.map((_, axis) => rest.x.map((v, i) => v * w[axis * size + i]));
  return { ...rest, contributions };
}

/**
 * The smallest change of an input (in the Euclidean norm) that W maps to the displacement d: Wᵀ(W·Wᵀ)⁻¹ d.
 * @param w W, [axes·D], one or two axes
 * @param d one number per axis
 * @returns [D]; null if W cannot move the point in that direction, up to rounding
 */
export function leastChange(w: Float32Array, d: readonly number[]): Float32Array | null {
  const axes = d.length;
  const size = w.length / axes;
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += w[a * size + i] * w[b * size + i];
    return sum;
  };
  const share = axes === 1 ? solve1(dot(0, 0), d[0]) : solve2([dot(0, 0), dot(0, 1), dot(1, 1)], d);
  if (!share) return null;
  return Float32Array.from({ length: size }, (_, i) =>
    share.reduce((sum, s, axis) => sum + s * w[axis * size + i], 0),
  );
}

/** Below this share of the product of their squared lengths, two rows are too nearly parallel to invert. */
const PARALLEL = 1e-9;

const solve1 = (a: number, d: number): number[] | null => (a > 0 ? [d / a] : null);

/** Solves (a b; b c) s = (d, e). */
function solve2([a, b, c]: readonly [number, number, number], [d, e]: readonly number[]): number[] | null {
  const determinant = a * c - b * b;
  if (!(determinant > PARALLEL * a * c)) return null;
  return [(c * d - b * e) / determinant, (a * e - b * d) / determinant];
}

/** Share of a vector's length below which the remainder is float32 rounding. */
const ROUNDING = 1e-6;

/**
 * Orthonormal vectors that span, with an orthonormal basis, what the given vectors span: Gram–Schmidt, twice, since a single
 * pass leaves the rounding errors of its subtractions.
 *
 * @returns at most as many as are given; fewer where some add nothing new.
 */
export function newDirections(
  vectors: readonly ArrayLike<number>[],
  basis: readonly Float64Array[],
): Float64Array[] {
  const found: Float64Array[] = [];
  for (const vector of vectors) {
    const direction = Float64Array.from(vector);
    const length = norm(direction);
    for (let pass = 0; pass < 2; pass++) {
      for (const known of [...basis, ...found]) subtract(direction, known, dot(direction, known));
    }
    const left = norm(direction);
    if (left > ROUNDING * length) found.push(direction.map(v => v / left));
  }
  return found;
}

function subtract(vector: Float64Array, direction: Float64Array, times: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] -= times * direction[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

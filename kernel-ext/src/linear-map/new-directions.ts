import { Matrix } from 'ml-matrix';

/** Share of a vector's length below which the remainder is float32 rounding. */
const ROUNDING = 1e-6;

/**
 * Orthonormal rows that span, with the rows of an orthonormal basis, what the given rows span: Gram–Schmidt, twice, since
 * a single pass leaves the rounding errors of its subtractions.
 *
 * @param rows [L, S]
 * @param basis [M, S]
 * @returns at most L rows; fewer where some add nothing new.
 */
export function newDirections(rows: Matrix, basis: Matrix): Matrix {
  const known = basis.to2DArray();
  const found: number[][] = [];
  for (const row of rows.to2DArray()) {
    const length = norm(row);
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of [...known, ...found]) subtract(row, direction, dot(row, direction));
    }
    const left = norm(row);
    if (left > ROUNDING * length) found.push(row.map(v => v / left));
  }
  return found.length === 0 ? new Matrix(0, rows.columns) : new Matrix(found);
}

function subtract(row: number[], direction: readonly number[], times: number): void {
  for (let i = 0; i < row.length; i++) row[i] -= times * direction[i];
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (row: readonly number[]): number => Math.sqrt(dot(row, row));

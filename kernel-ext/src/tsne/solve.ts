/** A pivot below this share of the largest entry counts as zero, and its unknown stays 0. */
const SINGULAR = 1e-9;

/** Solves A·x = y for a small square A by Gauss-Jordan elimination with pivoting. */
export function solved(a: readonly (readonly number[])[], y: readonly number[]): number[] {
  const n = y.length;
  const rows = a.map((row, i) => [...row, y[i]]);
  const least = SINGULAR * Math.max(...a.flat().map(Math.abs));
  for (let c = 0; c < n; c++) {
    const pivot = rows.reduce(
      (best, _, r) => (r > c && Math.abs(rows[r][c]) > Math.abs(rows[best][c]) ? r : best),
      c,
    );
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    if (Math.abs(rows[c][c]) <= least) continue;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => (Math.abs(row[i]) <= least ? 0 : row[n] / row[i]));
}

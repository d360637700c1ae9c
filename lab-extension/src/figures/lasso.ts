/** A point of the plane, such as a corner of an outline: across, then up (in images down). */
export type Corner = readonly [number, number];

/** The positions of the points inside a closed outline (even-odd rule). @param allows leaves points out if false */
export function inside(
  across: Float32Array,
  up: Float32Array,
  outline: readonly Corner[],
  allows: (i: number) => boolean,
): number[] {
  const found: number[] = [];
  const left = Math.min(...outline.map(([x]) => x));
  const right = Math.max(...outline.map(([x]) => x));
  for (let i = 0; i < across.length; i++) {
    if (across[i] < left || across[i] > right) continue;
    if (isInside(across[i], up[i], outline) && allows(i)) found.push(i);
  }
  return found;
}

/** Whether a point is inside a closed outline (even-odd rule). */
export function isInside(x: number, y: number, outline: readonly Corner[]): boolean {
  let result = false;
  for (let n = 0, m = outline.length - 1; n < outline.length; m = n++) {
    const [x1, y1] = outline[n];
    const [x2, y2] = outline[m];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) result = !result;
  }
  return result;
}

/** The four corners of a box. */
export const boxOf = ([x1, y1]: Corner, [x2, y2]: Corner): Corner[] => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
];

/** The name of entry i of an input: its own name, or its position, `x[2, 0]`. */
export const entryName = (
  i: number,
  shape: readonly number[],
  features: readonly string[] | undefined,
): string => features?.[i] ?? `x[${positionOf(i, shape)}]`;

/** The index of entry i on each axis, such as `3` or `2, 0, 1`. */
function positionOf(i: number, shape: readonly number[]): string {
  const indices: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices.unshift(i % shape[axis]);
    i = Math.floor(i / shape[axis]);
  }
  return indices.join(', ');
}

/** ‖p − q‖² of the rows of `width` numbers that begin at `a` and at `b`. */
export function squaredDistance(values: Float32Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (let d = 0; d < width; d++) {
    const difference = values[a + d] - values[b + d];
    sum += difference * difference;
  }
  return sum;
}

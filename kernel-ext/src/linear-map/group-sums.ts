/**
 * Sums of values by group, in float64.
 *
 * @param values N·S numbers, instance by instance.
 * @param groupOf the group of each of the S positions, from 0 to groups − 1.
 * @returns N·groups numbers.
 */
export function groupSums(
  values: Float32Array,
  instances: number,
  groups: number,
  groupOf: (position: number) => number,
): Float32Array {
  const size = values.length / instances;
  const sums = new Float64Array(instances * groups);
  for (let n = 0; n < instances; n++) {
    for (let position = 0; position < size; position++)
      sums[n * groups + groupOf(position)] += values[n * size + position];
  }
  return Float32Array.from(sums);
}

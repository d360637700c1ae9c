import type { Decision } from '../payload';
import type { Path } from './path';

/** Where on a path another output becomes the largest; exact, since all outputs are straight lines between breakpoints. */
export function decisionsOf({ t, outputs, classes, regions }: Path): Decision[] {
  const found: Decision[] = [];
  let current = largest(outputs.subarray(0, classes));
  for (let i = 0; i < regions; i++) {
    const from = outputs.subarray(i * classes, (i + 1) * classes);
    const to = outputs.subarray((i + 1) * classes, (i + 2) * classes);
    for (
      let next = overtaking(from, to, current, 0);
      next;
      next = overtaking(from, to, current, next.share)
    ) {
      found.push({ t: t[i] + next.share * (t[i + 1] - t[i]), from: current, to: next.index });
      current = next.index;
    }
  }
  return found;
}

const largest = (values: Float32Array) => values.indexOf(values.reduce((most, v) => Math.max(most, v)));

/** The output that is first to rise above the current one after a share of a piece; null if none does. */
function overtaking(from: Float32Array, to: Float32Array, current: number, after: number) {
  let first: { share: number; index: number } | null = null;
  for (let c = 0; c < from.length; c++) {
    const [gap, end] = [from[current] - from[c], to[current] - to[c]];
    if (end >= 0) continue;
    const share = Math.max(after, Math.max(0, gap) / (Math.max(0, gap) - end));
    if (!first || share < first.share || (share === first.share && to[c] > to[first.index]))
      first = { share, index: c };
  }
  return first;
}

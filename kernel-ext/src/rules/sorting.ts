import { range } from './selection';
import type { Fixed, StepWriter, Rule, Value } from './rule';

/** The k largest entries along the last axis, in order: a permutation, which is the gate. The second output holds their indices. */
export const topK: Rule = {
  kernel: 'TopK',
  freeze: (call, write) => largestInOrder(call.value('x'), (call.attrs.k as number | undefined) ?? 1, write),
};

/** The k largest entries along the last axis in order, and their indices. */
export function largestInOrder(x: Value, k: number, write: StepWriter): [Value, Fixed] {
  const n = x.shape.at(-1)!;
  const lead = x.shape.slice(0, -1);
  const chosen = atRanks(x, k, write);
  const copies = write.broadcast(write.reshape(x, [...lead, 1, n]), [...lead, k, n]);
  const last = lead.length + 1;
  const indices = write.sumFixed(write.times(chosen, write.constant(Float32Array.from(range(n)), [n])), [
    last,
  ]);
  return [write.reduceSum(write.scale(copies, chosen), [last]), indices];
}

/** [..., k, n]: 1 where entry j has rank i, counted from the largest; of equal entries the first comes first. */
function atRanks(x: Value, k: number, write: StepWriter): Fixed {
  const n = x.shape.at(-1)!;
  const lead = x.shape.slice(0, -1);
  const own = write.reshapeFixed(write.at(x), [...lead, 1, n]);
  const other = write.reshapeFixed(write.at(x), [...lead, n, 1]);
  const larger = write.greater(other, own);
  const equal = write.times(write.not(larger), write.not(write.greater(own, other)));
  const earlier = Float32Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) < i % n ? 1 : 0));
  const before = write.plus(larger, write.times(equal, write.constant(earlier, [n, n])));
  const rank = write.reshapeFixed(write.sumFixed(before, [lead.length]), [...lead, 1, n]);
  const ranked = (shift: number) =>
    write.constant(
      Float32Array.from(range(k), i => i + shift),
      [k, 1],
    );
  return write.times(write.greater(rank, ranked(-0.5)), write.greater(ranked(0.5), rank));
}

import { range } from './selection';
import type { Fixed, Frozen, Rule, Value } from './rule';

/** The k largest along the last axis, in order: a permutation, which is the gate. The second output are their indices. */
export const topK: Rule = {
  kernel: 'TopK',
  freeze(call, f) {
    const x = call.value('x');
    const n = x.shape.at(-1)!;
    const k = (call.attrs.k as number | undefined) ?? 1;
    const lead = x.shape.slice(0, -1);
    const chosen = places(x, k, f);
    const copies = f.broadcast(f.reshape(x, [...lead, 1, n]), [...lead, k, n]);
    const last = lead.length + 1;
    const indices = f.sumFixed(f.times(chosen, f.constant(Float32Array.from(range(n)), [n])), [last]);
    return [f.reduceSum(f.scale(copies, chosen), [last]), indices];
  },
};

/** [..., k, n]: 1 where entry j takes place i, counted from the largest; of equal entries the first comes first. */
function places(x: Value, k: number, f: Frozen): Fixed {
  const n = x.shape.at(-1)!;
  const lead = x.shape.slice(0, -1);
  const own = f.reshapeFixed(f.at(x), [...lead, 1, n]);
  const other = f.reshapeFixed(f.at(x), [...lead, n, 1]);
  const larger = f.greater(other, own);
  const equal = f.times(f.not(larger), f.not(f.greater(own, other)));
  const earlier = Float32Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) < i % n ? 1 : 0));
  const before = f.plus(larger, f.times(equal, f.constant(earlier, [n, n])));
  const rank = f.reshapeFixed(f.sumFixed(before, [lead.length]), [...lead, 1, n]);
  const place = (shift: number) =>
    f.constant(
      Float32Array.from(range(k), i => i + shift),
      [k, 1],
    );
  return f.times(f.greater(rank, place(-0.5)), f.greater(place(0.5), rank));
}

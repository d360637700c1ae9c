import type { Fixed, Frozen, Rule, Value } from './rule';

/** eᶻ/Σeᶻ along the last axis. A product with it (attention) freezes it under the policy `gate`; by itself it has a tangent. */
export const softmax: Rule = {
  kernel: 'Softmax',
  freeze(call, f) {
    const z = call.value('logits');
    const p = f.softmax(z);
    // p∘(z − Σ p∘z) + p∘(1 − z₀ + Σ p∘z₀)
    const linear = f.under('tangent', () => f.scale(f.sum([z, minusMean(z, p, f)]), p));
    const offset = f.plus(p, f.times(f.number(-1), linear));
    return f.asGate(
      f.under('tangent', () => f.shift(linear, offset)),
      2,
    );
  },
};

/** −Σ p∘z along the last axis, in z's shape. */
function minusMean(z: Value, p: Fixed, f: Frozen): Value {
  const axis = z.shape.length - 1;
  const mean = f.reduceSum(f.scale(z, p), [axis]);
  const one = z.shape.map((d, i) => (i === axis ? 1 : d));
  return f.broadcast(f.scale(f.reshape(mean, one), f.number(-1)), z.shape);
}

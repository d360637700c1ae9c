import type { Fixed, StepWriter, Rule, Value } from './rule';

/** eᶻ/Σeᶻ along the last axis. A product with it (attention) freezes it under the policy `gate`; by itself it has a tangent. */
export const softmax: Rule = {
  kernel: 'Softmax',
  freeze(call, write) {
    const z = call.value('logits');
    const p = write.softmax(z);
    // p∘(z − Σ p∘z) + p∘(1 − z₀ + Σ p∘z₀)
    const linear = write.under('tangent', () => write.scale(write.sum([z, minusMean(z, p, write)]), p));
    const offset = write.plus(p, write.times(write.number(-1), linear));
    return write.asGate(
      write.under('tangent', () => write.shift(linear, offset)),
      2,
    );
  },
};

/** −Σ p∘z along the last axis, in z's shape. */
function minusMean(z: Value, p: Fixed, write: StepWriter): Value {
  const axis = z.shape.length - 1;
  const mean = write.reduceSum(write.scale(z, p), [axis]);
  const one = z.shape.map((d, i) => (i === axis ? 1 : d));
  return write.broadcast(write.scale(write.reshape(mean, one), write.number(-1)), z.shape);
}

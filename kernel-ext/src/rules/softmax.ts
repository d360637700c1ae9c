import type { Fixed, StepWriter, Rule, Value } from './rule';

/** eᶻ/Σeᶻ along the last axis. A product with it (attention) freezes it under the policy `gate`; by itself it has a tangent. */
export const softmax: Rule = {
  kernel: 'Softmax',
  freeze: (call, write) => softmaxOf(call.value('logits'), write),
};

/** Along the last axis. */
export function softmaxOf(z: Value, write: StepWriter): Value {
  const p = write.softmax(z);
  // p∘(z − Σ p∘z) + p∘(1 − z₀ + Σ p∘z₀)
  const linear = write.under('tangent', () => write.scale(write.sum([z, minusMean(z, p, write)]), p));
  const offset = write.plus(p, write.times(write.number(-1), linear));
  return write.asGate(
    write.under('tangent', () => write.shift(linear, offset)),
    2,
  );
}

/** −Σ p∘z along the last axis, in z's shape. */
function minusMean(z: Value, p: Fixed, write: StepWriter): Value {
  const axis = z.shape.length - 1;
  const mean = write.reduceSum(write.scale(z, p), [axis]);
  const one = z.shape.map((d, i) => (i === axis ? 1 : d));
  return write.broadcast(write.scale(write.reshape(mean, one), write.number(-1)), z.shape);
}

/** Added to what a logarithm is taken of, so that it is finite where a probability underflows. */
const TINY = 2 ** -120;

/** log Σ eᶻ along the last axis, which disappears: Σ p∘z, shifted to its value Σ p∘(z − log p). */
export function logSumExpOf(z: Value, write: StepWriter): Value {
  const p = write.softmax(z);
  const last = [z.shape.length - 1];
  const linear = write.under('tangent', () => write.reduceSum(write.scale(z, p), last));
  const logs = write.map('log', write.plus(p, write.number(TINY)));
  const value = write.sumFixed(write.times(p, write.plus(z, write.times(write.number(-1), logs))), last);
  const offset = write.plus(value, write.times(write.number(-1), linear));
  return write.under('tangent', () => write.shift(linear, offset));
}

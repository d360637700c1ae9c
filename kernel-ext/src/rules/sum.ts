import { isValue, type Call, type Fixed, type StepWriter, type Value } from './rule';

/** Σ terms in the shape of the call's output: a sum of activations, shifted by what is fixed. */
export function total(
  call: Pick<Call, 'outputShape'>,
  terms: readonly (Value | Fixed)[],
  write: StepWriter,
): Value {
  const values = terms.filter(isValue).map(v => write.broadcast(v, call.outputShape));
  const sum = values.length === 1 ? values[0] : write.sum(values);
  return terms.filter((t): t is Fixed => !isValue(t)).reduce((v, offset) => write.shift(v, offset), sum);
}

/** a − b */
export function difference(
  call: Pick<Call, 'outputShape'>,
  a: Value | Fixed,
  b: Value | Fixed,
  write: StepWriter,
): Value {
  return total(call, [a, negative(b, write)], write);
}

export function negative(v: Value | Fixed, write: StepWriter): Value | Fixed {
  return isValue(v) ? write.scale(v, write.number(-1)) : write.times(v, write.number(-1));
}

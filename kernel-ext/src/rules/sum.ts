import { isValue, type Call, type Fixed, type Frozen, type Value } from './rule';

/** Σ terms in the shape of the call's output: a sum of activations, shifted by what is fixed. */
export function total(call: Call, terms: readonly (Value | Fixed)[], f: Frozen): Value {
  const values = terms.filter(isValue).map(v => f.broadcast(v, call.outputShape));
  const sum = values.length === 1 ? values[0] : f.sum(values);
  return terms.filter((t): t is Fixed => !isValue(t)).reduce((v, offset) => f.shift(v, offset), sum);
}

/** a − b */
export function difference(call: Call, a: Value | Fixed, b: Value | Fixed, f: Frozen): Value {
  return total(call, [a, negative(b, f)], f);
}

export function negative(v: Value | Fixed, f: Frozen): Value | Fixed {
  return isValue(v) ? f.scale(v, f.number(-1)) : f.times(v, f.number(-1));
}

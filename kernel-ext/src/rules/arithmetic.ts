import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';

/** a + b: a sum of activations, or a shift by a constant. */
export const add: Rule = {
  kernel: 'Add',
  freeze: (call, f) => sum(call, [call.input('a'), call.input('b')], f),
};

export const addN: Rule = {
  kernel: 'AddN',
  freeze: (call, f) => sum(call, call.inputs(), f),
};

export const sub: Rule = {
  kernel: 'Sub',
  freeze: (call, f) => sum(call, [call.input('a'), negative(call.input('b'), f)], f),
};

export const neg: Rule = {
  kernel: 'Neg',
  freeze: (call, f) => f.scale(call.value('x'), f.number(-1)),
};

/** Multiplication by a constant. */
export const multiply: Rule = {
  kernel: 'Multiply',
  freeze(call, f) {
    const [a, b] = [call.input('a'), call.input('b')];
    if (isValue(a) && isValue(b))
      return call.refuse('both its factors depend on x, so it is not piecewise linear');
    const [v, factor] = isValue(a) ? [a, call.fixed('b')] : [call.value('b'), call.fixed('a')];
    return f.scale(f.broadcast(v, call.outputShape), factor);
  },
};

/** Division by a constant. */
export const realDiv: Rule = {
  kernel: 'RealDiv',
  freeze(call, f) {
    const divisor = call.fixed('b');
    const reciprocal = f.constant(
      call.numbers('b').map(v => 1 / v),
      divisor.shape,
    );
    return f.scale(f.broadcast(call.value('a'), call.outputShape), reciprocal);
  },
};

/** max(a, b): the gate says which is larger. */
export const maximum: Rule = {
  kernel: 'Maximum',
  freeze(call, f) {
    const [a, b] = [call.input('a'), call.input('b')];
    return choose(call, f.greater(a, b), a, b, f);
  },
};

export const minimum: Rule = {
  kernel: 'Minimum',
  freeze(call, f) {
    const [a, b] = [call.input('a'), call.input('b')];
    return choose(call, f.greater(b, a), a, b, f);
  },
};

/** a where the gate is 1, b where it is 0. */
function choose(call: Call, gate: Fixed, a: Value | Fixed, b: Value | Fixed, f: Frozen): Value {
  const part = (v: Value | Fixed, g: Fixed) =>
    isValue(v) ? f.scale(f.broadcast(v, call.outputShape), g) : f.times(v, g);
  return sum(call, [part(a, gate), part(b, f.not(gate))], f);
}

function negative(v: Value | Fixed, f: Frozen): Value | Fixed {
  return isValue(v) ? f.scale(v, f.number(-1)) : f.times(v, f.number(-1));
}

function sum(call: Call, terms: readonly (Value | Fixed)[], f: Frozen): Value {
  const values = terms.filter(isValue).map(v => f.broadcast(v, call.outputShape));
  const total = values.length === 1 ? values[0] : f.sum(values);
  return terms.filter((t): t is Fixed => !isValue(t)).reduce((v, offset) => f.shift(v, offset), total);
}

import { finiteConstant } from './finite-constant';
import { product } from './product';
import { bend, reciprocalOf } from './smooth';
import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';
import { difference, negative, total } from './sum';

/** a + b: a sum of activations, or a shift by a constant. */
export const add: Rule = {
  kernel: 'Add',
  freeze: (call, f) => total(call, [finiteConstant(call, 'a', f), finiteConstant(call, 'b', f)], f),
};

export const addN: Rule = {
  kernel: 'AddN',
  freeze: (call, f) => total(call, call.inputs(), f),
};

export const sub: Rule = {
  kernel: 'Sub',
  freeze: (call, f) => difference(call, finiteConstant(call, 'a', f), finiteConstant(call, 'b', f), f),
};

export const neg: Rule = {
  kernel: 'Neg',
  freeze: (call, f) => negative(call.value('x'), f) as Value,
};

/** a ∘ b: a scale by a constant or a gate, or a product of two activations. */
export const multiply: Rule = {
  kernel: 'Multiply',
  freeze(call, f) {
    const [a, b] = [call.input('a'), call.input('b')];
    if (isValue(a) && isValue(b)) return product(call, a, b, f);
    const [v, factor] = isValue(a) ? [a, call.fixed('b')] : [call.value('b'), call.fixed('a')];
    return f.scale(f.broadcast(v, call.outputShape), factor);
  },
};

/** a / b: a scale by 1/b, or a product of a and 1/b. */
export const realDiv: Rule = {
  kernel: 'RealDiv',
  freeze(call, f) {
    const [a, b] = [call.input('a'), call.input('b')];
    if (isValue(a) && isValue(b)) return quotient(call, a, b, f);
    if (isValue(a)) return f.scale(f.broadcast(a, call.outputShape), f.divide(f.number(1), b));
    const inverse = bend(call, reciprocalOf, call.value('b'), f);
    return f.scale(f.broadcast(inverse, call.outputShape), call.fixed('a'));
  },
};

/** `tangent`: (a − (a₀/b₀)·b)/b₀ + a₀/b₀. `gate`: the divisor is a normalization, and frozen. */
function quotient(call: Call, a: Value, b: Value, f: Frozen): Value {
  const inverse = f.divide(f.number(1), b);
  const dividend = f.broadcast(a, call.outputShape);
  if (call.policy === 'gate') return f.under('gate', () => f.scale(dividend, inverse));
  const ratio = f.divide(a, b);
  return f.under('tangent', () => {
    const divisor = f.scale(f.broadcast(b, call.outputShape), f.times(f.number(-1), ratio));
    return f.shift(f.scale(f.sum([dividend, divisor]), inverse), ratio);
  });
}

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
export function choose(call: Call, gate: Fixed, a: Value | Fixed, b: Value | Fixed, f: Frozen): Value {
  const part = (v: Value | Fixed, g: Fixed) =>
    isValue(v) ? f.scale(f.broadcast(v, call.outputShape), g) : f.times(v, g);
  return total(call, [part(a, gate), part(b, f.not(gate))], f);
}

import { finiteConstant } from './finite-constant';
import { product, type Target } from './product';
import { bend, reciprocalOf } from './smooth';
import { isValue, type Call, type Fixed, type StepWriter, type Rule, type Value } from './rule';
import { difference, negative, total } from './sum';

/** a + b: a sum of activations, or a shift by a constant. */
export const add: Rule = {
  kernel: 'Add',
  freeze: (call, write) =>
    total(call, [finiteConstant(call, 'a', write), finiteConstant(call, 'b', write)], write),
};

export const addN: Rule = {
  kernel: 'AddN',
  freeze: (call, write) => total(call, call.inputs(), write),
};

export const sub: Rule = {
  kernel: 'Sub',
  freeze: (call, write) =>
    difference(call, finiteConstant(call, 'a', write), finiteConstant(call, 'b', write), write),
};

export const neg: Rule = {
  kernel: 'Neg',
  freeze: (call, write) => negative(call.value('x'), write) as Value,
};

/** a ∘ b: a scale by a constant or a gate, or a product of two activations. */
export const multiply: Rule = {
  kernel: 'Multiply',
  freeze: (call, write) => times(call, call.input('a'), call.input('b'), write),
};

/** a ∘ b, at least one of which is an activation. */
export function times(target: Target, a: Value | Fixed, b: Value | Fixed, write: StepWriter): Value {
  if (isValue(a) && isValue(b)) return product(target, a, b, write);
  const [v, factor] = isValue(a) ? [a, b] : [b as Value, a];
  return write.scale(write.broadcast(v, target.outputShape), factor as Fixed);
}

/** a / b: a scale by 1/b, or a product of a and 1/b. */
export const realDiv: Rule = {
  kernel: 'RealDiv',
  freeze: (call, write) => over(call, call.input('a'), call.input('b'), write),
};

/** a / b, at least one of which is an activation. */
export function over(target: Target, a: Value | Fixed, b: Value | Fixed, write: StepWriter): Value {
  if (isValue(a) && isValue(b)) return quotient(target, a, b, write);
  if (isValue(a))
    return write.scale(write.broadcast(a, target.outputShape), write.divide(write.number(1), b));
  const inverse = bend(target, reciprocalOf, b as Value, write);
  return write.scale(write.broadcast(inverse, target.outputShape), a);
}

/** `tangent`: (a − (a₀/b₀)·b)/b₀ + a₀/b₀. `gate`: the divisor is a normalization, and frozen. */
function quotient(call: Target, a: Value, b: Value, write: StepWriter): Value {
  const inverse = write.divide(write.number(1), b);
  const dividend = write.broadcast(a, call.outputShape);
  if (call.policy === 'gate') return write.under('gate', () => write.scale(dividend, inverse));
  const ratio = write.divide(a, b);
  return write.under('tangent', () => {
    const divisor = write.scale(write.broadcast(b, call.outputShape), write.times(write.number(-1), ratio));
    return write.shift(write.scale(write.sum([dividend, divisor]), inverse), ratio);
  });
}

/** max(a, b): the gate chooses the larger one. */
export const maximum: Rule = {
  kernel: 'Maximum',
  freeze(call, write) {
    const [a, b] = [finiteConstant(call, 'a', write), finiteConstant(call, 'b', write)];
    return choose(call, write.greater(a, b), a, b, write);
  },
};

export const minimum: Rule = {
  kernel: 'Minimum',
  freeze(call, write) {
    const [a, b] = [finiteConstant(call, 'a', write), finiteConstant(call, 'b', write)];
    return choose(call, write.greater(b, a), a, b, write);
  },
};

/** a where the gate is 1, b where it is 0. */
export function choose(
  call: Pick<Call, 'outputShape'>,
  gate: Fixed,
  a: Value | Fixed,
  b: Value | Fixed,
  write: StepWriter,
): Value {
  const part = (v: Value | Fixed, g: Fixed) =>
    isValue(v) ? write.scale(write.broadcast(v, call.outputShape), g) : write.times(v, g);
  return total(call, [part(a, gate), part(b, write.not(gate))], write);
}

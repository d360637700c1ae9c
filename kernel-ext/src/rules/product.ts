import { difference } from './sum';
import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

/** The shape that a part of a rule has to give, and the policy of the layer. */
export type Target = Pick<Call, 'policy' | 'outputShape'>;

/** a ∘ b of two activations, of one shape after broadcasting, by the policy of the layer. */
export function product(call: Target, a: Value, b: Value, write: StepWriter): Value {
  return bilinear(call, a, b, write, {
    left: (u, fixed) => write.scale(write.broadcast(u, call.outputShape), fixed),
    right: (u, fixed) => write.scale(write.broadcast(u, call.outputShape), fixed),
    tie: 'right',
  });
}

/** A product of two activations: linear in each while the other is fixed. */
export interface Product {
  /** The product as it depends on the left factor, with the right one fixed. */
  left(a: Value, fixedRight: Fixed): Value;
  right(b: Value, fixedLeft: Fixed): Value;
  /** Which factor to freeze when neither is more like a gate and both have the same size. */
  tie: 'left' | 'right';
}

/** `tangent`: a·b₀ + a₀·b − a₀·b₀. `gate`: one factor is frozen. */
export function bilinear(
  call: Pick<Call, 'policy'>,
  a: Value,
  b: Value,
  write: StepWriter,
  by: Product,
): Value {
  if (call.policy === 'gate') {
    return write.under('gate', () =>
      frozenFactor(a, b, by.tie) === 'left' ? by.right(b, write.at(a)) : by.left(a, write.at(b)),
    );
  }
  return write.under('tangent', () => {
    const left = by.left(a, write.at(b));
    return write.shift(write.sum([left, by.right(b, write.at(a))]), write.times(left, write.number(-1)));
  });
}

/** The factor that is more like a gate; else the smaller one, which is broadcast over the other. */
function frozenFactor(a: Value, b: Value, tie: 'left' | 'right'): 'left' | 'right' {
  const [p, q] = [a.gating ?? 0, b.gating ?? 0];
  if (p !== q) return p > q ? 'left' : 'right';
  const size = ({ shape }: Value) => shape.reduce((n, d) => n * d, 1);
  if (size(a) !== size(b)) return size(a) < size(b) ? 'left' : 'right';
  return tie;
}

/** The tangent plane at z₀: slope∘z + (y₀ − slope∘z₀). */
export function tangent(z: Value, slope: Fixed, y: Fixed, write: StepWriter): Value {
  return write.under('tangent', () => {
    const offset = write.plus(y, write.times(write.number(-1), write.times(slope, z)));
    return write.shift(write.scale(z, slope), offset);
  });
}

/** z ∘ z */
export const square: Rule = {
  kernel: 'Square',
  freeze: (call, write) => product(call, call.value('x'), call.value('x'), write),
};

/** (a − b)² */
export const squaredDifference: Rule = {
  kernel: 'SquaredDifference',
  freeze(call, write) {
    const between = difference(call, call.input('a'), call.input('b'), write);
    return product(call, between, between, write);
  },
};

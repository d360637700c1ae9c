import { difference } from './sum';
import type { Call, Fixed, Frozen, Rule, Value } from './rule';

/** a ∘ b of two activations, of one shape after broadcasting, by the policy of the layer. */
export function product(call: Call, a: Value, b: Value, f: Frozen): Value {
  return bilinear(call, a, b, f, {
    left: (u, fixed) => f.scale(f.broadcast(u, call.outputShape), fixed),
    right: (u, fixed) => f.scale(f.broadcast(u, call.outputShape), fixed),
    tie: 'right',
  });
}

/** A product of two activations: linear in each while the other is fixed. */
export interface Product {
  /** The product as it depends on the left factor, with the right one fixed. */
  left(a: Value, fixedRight: Fixed): Value;
  right(b: Value, fixedLeft: Fixed): Value;
  /** Which factor is frozen where neither is more like a gate and both are of one size. */
  tie: 'left' | 'right';
}

/** `tangent`: a·b₀ + a₀·b − a₀·b₀. `gate`: one factor is frozen. */
export function bilinear(call: Call, a: Value, b: Value, f: Frozen, by: Product): Value {
  if (call.policy === 'gate') {
    return f.under('gate', () =>
      frozenFactor(a, b, by.tie) === 'left' ? by.right(b, f.at(a)) : by.left(a, f.at(b)),
    );
  }
  return f.under('tangent', () => {
    const left = by.left(a, f.at(b));
    return f.shift(f.sum([left, by.right(b, f.at(a))]), f.times(left, f.number(-1)));
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
export function tangent(z: Value, slope: Fixed, y: Fixed, f: Frozen): Value {
  return f.under('tangent', () => {
    const offset = f.plus(y, f.times(f.number(-1), f.times(slope, z)));
    return f.shift(f.scale(z, slope), offset);
  });
}

/** z ∘ z */
export const square: Rule = {
  kernel: 'Square',
  freeze: (call, f) => product(call, call.value('x'), call.value('x'), f),
};

/** (a − b)² */
export const squaredDifference: Rule = {
  kernel: 'SquaredDifference',
  freeze(call, f) {
    const between = difference(call, call.input('a'), call.input('b'), f);
    return product(call, between, between, f);
  },
};

import { fusedActivation } from './activations';
import { matrixProduct } from './matrix-product';
import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';

/** a·b, where one factor is constant or both are activations. */
export const batchMatMul: Rule = { kernel: 'BatchMatMul', freeze: matMul };

/** a·b + bias, then an activation. */
export const fusedMatMul: Rule = {
  kernel: '_FusedMatMul',
  freeze(call, f) {
    const product = matMul(call, f);
    const z = call.has('bias') ? f.shift(product, call.fixed('bias')) : product;
    return fusedActivation(call, z, f);
  },
};

function matMul(call: Call, f: Frozen): Value {
  const lead = call.outputShape.slice(0, -2);
  const factor = (name: 'a' | 'b', transpose: unknown) =>
    matrices(turned(call.input(name), Boolean(transpose), f), lead, f);
  const product = matrixProduct(
    call,
    factor('a', call.attrs.transposeA),
    factor('b', call.attrs.transposeB),
    f,
  );
  return f.reshape(product, call.outputShape);
}

function turned(v: Value | Fixed, transpose: boolean, f: Frozen): Value | Fixed {
  if (!transpose) return v;
  const axes = v.shape.map((_, i) => i);
  const n = axes.length;
  [axes[n - 2], axes[n - 1]] = [axes[n - 1], axes[n - 2]];
  return isValue(v) ? f.permute(v, axes) : f.permuteFixed(v, axes);
}

/** [..., M, K] as [G, M, K], with as many members as the product has, or one. */
function matrices(v: Value | Fixed, lead: readonly number[], f: Frozen): Value | Fixed {
  const own = v.shape.slice(0, -2);
  const [m, k] = v.shape.slice(-2);
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const g = size(own) === 1 ? 1 : size(lead);
  if (isValue(v)) {
    // An activation is copied where the other factor has more members.
    return f.reshape(f.broadcast(v, [...lead, m, k]), [size(lead), m, k]);
  }
  const whole = g === size(own) ? v : f.broadcastFixed(v, [...lead, m, k]);
  return f.reshapeFixed(whole, [g, m, k]);
}

import { fusedActivation } from './activations';
import { matrixProduct } from './matrix-product';
import { isValue, type Call, type Fixed, type StepWriter, type Rule, type Value } from './rule';

/** a·b, where one factor is constant or both are activations. */
export const batchMatMul: Rule = { kernel: 'BatchMatMul', freeze: matMul };

/** a·b + bias, then an activation. */
export const fusedMatMul: Rule = {
  kernel: '_FusedMatMul',
  freeze(call, write) {
    const product = matMul(call, write);
    const z = call.has('bias') ? write.shift(product, call.fixed('bias')) : product;
    return fusedActivation(call, z, write);
  },
};

function matMul(call: Call, write: StepWriter): Value {
  const lead = call.outputShape.slice(0, -2);
  const factor = (name: 'a' | 'b', transpose: unknown) => turned(call.input(name), Boolean(transpose), write);
  const [a, b] = [factor('a', call.attrs.transposeA), factor('b', call.attrs.transposeB)];
  return write.reshape(productOfStacks(call, a, b, lead, write), call.outputShape);
}

/**
 * [..., M, K]·[..., K, N], where the leading axes of each are broadcast to `lead`.
 * @returns [G, M, N] with one member for each of `lead`
 */
export function productOfStacks(
  call: Pick<Call, 'policy'>,
  a: Value | Fixed,
  b: Value | Fixed,
  lead: readonly number[],
  write: StepWriter,
): Value {
  return matrixProduct(call, matrices(a, lead, write), matrices(b, lead, write), write);
}

export function turned(v: Value | Fixed, transpose: boolean, write: StepWriter): Value | Fixed {
  if (!transpose) return v;
  const axes = v.shape.map((_, i) => i);
  const n = axes.length;
  [axes[n - 2], axes[n - 1]] = [axes[n - 1], axes[n - 2]];
  return isValue(v) ? write.permute(v, axes) : write.permuteFixed(v, axes);
}

/** [..., M, K] as [G, M, K], with as many members as the product has, or one. */
function matrices(v: Value | Fixed, lead: readonly number[], write: StepWriter): Value | Fixed {
  const own = v.shape.slice(0, -2);
  const [m, k] = v.shape.slice(-2);
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const g = size(own) === 1 ? 1 : size(lead);
  if (isValue(v)) {
    // An activation is copied where the other factor has more members.
    return write.reshape(write.broadcast(v, [...lead, m, k]), [size(lead), m, k]);
  }
  const whole = g === size(own) ? v : write.broadcastFixed(v, [...lead, m, k]);
  return write.reshapeFixed(whole, [g, m, k]);
}

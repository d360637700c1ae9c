import { bilinear } from './product';
import { isValue, type Call, type Fixed, type Frozen, type Value } from './rule';

/**
 * a [G, M, K] · b [G, K, N] → [G, M, N], where one or both are activations. A constant may be one matrix for all,
 * with G = 1.
 */
export function matrixProduct(call: Call, a: Value | Fixed, b: Value | Fixed, f: Frozen): Value {
  if (isValue(a) && isValue(b)) {
    return bilinear(call, a, b, f, {
      left: (v, fixed) => timesMatrices(v, fixed, f),
      right: (v, fixed) => matricesTimes(fixed, v, f),
      tie: 'left',
    });
  }
  if (isValue(a)) return timesMatrices(a, b as Fixed, f);
  return matricesTimes(a, b as Value, f);
}

const SWAP = [0, 2, 1];

/** v·M; one matrix for all members is one product. */
function timesMatrices(v: Value, matrices: Fixed, f: Frozen): Value {
  const [g, m, k] = v.shape;
  const [own, , n] = matrices.shape;
  if (own !== 1) return f.contractEach(own === g ? v : f.broadcast(v, [own, m, k]), matrices);
  const product = f.contract(f.reshape(v, [g * m, k]), f.reshapeFixed(matrices, [k, n]));
  return f.reshape(product, [g, m, n]);
}

/** M·v = (vᵀ·Mᵀ)ᵀ */
function matricesTimes(matrices: Fixed, v: Value, f: Frozen): Value {
  return f.permute(timesMatrices(f.permute(v, SWAP), f.permuteFixed(matrices, SWAP), f), SWAP);
}

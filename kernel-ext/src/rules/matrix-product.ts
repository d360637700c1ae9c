import { bilinear } from './product';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from './rule';

/**
 * a [G, M, K] · b [G, K, N] → [G, M, N], where one or both are activations. A constant may be one matrix for all,
 * with G = 1.
 */
export function matrixProduct(
  call: Pick<Call, 'policy'>,
  a: Value | Fixed,
  b: Value | Fixed,
  write: StepWriter,
): Value {
  if (isValue(a) && isValue(b)) {
    return bilinear(call, a, b, write, {
      left: (v, fixed) => timesMatrices(v, fixed, write),
      right: (v, fixed) => matricesTimes(fixed, v, write),
      tie: 'left',
    });
  }
  if (isValue(a)) return timesMatrices(a, b as Fixed, write);
  return matricesTimes(a, b as Value, write);
}

const SWAP = [0, 2, 1];

/** v·M; one matrix for all members is one product. */
function timesMatrices(v: Value, matrices: Fixed, write: StepWriter): Value {
  const [g, m, k] = v.shape;
  const [own, , n] = matrices.shape;
  if (own !== 1) return write.contractEach(own === g ? v : write.broadcast(v, [own, m, k]), matrices);
  const product = write.contract(write.reshape(v, [g * m, k]), write.reshapeFixed(matrices, [k, n]));
  return write.reshape(product, [g, m, n]);
}

/** M·v = (vᵀ·Mᵀ)ᵀ */
function matricesTimes(matrices: Fixed, v: Value, write: StepWriter): Value {
  return write.permute(
    timesMatrices(write.permute(v, SWAP), write.permuteFixed(matrices, SWAP), write),
    SWAP,
  );
}

import { leak } from '../activations';
import { product } from '../product';
import type { Call, StepWriter, Value } from '../rule';
import { bend, functions, powerOf } from '../smooth';

/** |z|ᵖ */
export function magnitudeToPower(call: Call, z: Value, p: number, write: StepWriter): Value {
  if (p === 1) return leak(z, write.number(-1), write);
  if (p === 2) return squares(call, z, write);
  return bend(call, powerOf(write.number(p), Float32Array.of(p)), leak(z, write.number(-1), write), write);
}

/** z ∘ z */
export const squares = ({ policy }: Pick<Call, 'policy'>, z: Value, write: StepWriter): Value =>
  product({ policy, outputShape: z.shape }, z, z, write);

/** z^(1/p) of sums that are not negative. */
export function rootOf(call: Pick<Call, 'policy'>, z: Value, p: number, write: StepWriter): Value {
  if (p === 1) return z;
  if (p === 2) return bend(call, functions.Sqrt, z, write);
  return bend(call, powerOf(write.number(1 / p), Float32Array.of(1 / p)), z, write);
}

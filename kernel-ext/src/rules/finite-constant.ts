import type { Call, Fixed, StepWriter, Value } from './rule';

/** As good as infinite, and so that two of them have a sum. */
const LARGEST = 2 ** 126;

/** An input with infinities, as masks have (of attention scores, say), with very large numbers instead, since 0 · ∞ is NaN. */
export function finiteConstant(call: Call, name: string, write: StepWriter): Value | Fixed {
  const input = call.input(name);
  if (!call.isConstant(name)) return input;
  const numbers = call.numbers(name);
  if (numbers.every(Number.isFinite)) return input;
  return write.constant(
    numbers.map(v => Math.min(LARGEST, Math.max(-LARGEST, v))),
    input.shape,
  );
}

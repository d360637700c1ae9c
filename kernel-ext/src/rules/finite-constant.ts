import type { Call, Fixed, StepWriter, Value } from './rule';

/** Large enough to act as infinity, yet small enough that the sum of two of them is finite. */
const LARGEST = 2 ** 126;

/** An input in which very large numbers replace infinities (which attention masks contain), since 0 · ∞ is NaN. */
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

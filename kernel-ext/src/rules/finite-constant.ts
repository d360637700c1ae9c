import type { Call, Fixed, StepWriter, Value } from './rule';

/** Large enough to act as infinity, yet small enough that the sum of two of them is finite. */
const LARGEST = 2 ** 126;

/** An input in which very large numbers replace infinities (which attention masks contain), since 0 · ∞ is NaN. */
export function finiteConstant(call: Call, name: string, write: StepWriter): Value | Fixed {
  const input = call.input(name);
  if (!call.isConstant(name)) return input;
  const numbers = call.numbers(name);
  return numbers.every(Number.isFinite) ? input : write.constant(numbers.map(finite), input.shape);
}

/** A very large number in place of an infinity. */
export const finite = (value: number): number => Math.min(LARGEST, Math.max(-LARGEST, value));

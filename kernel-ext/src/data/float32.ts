import { Float32LossError } from './errors';

/** The largest relative change that rounding to float32 makes to a number within its normal range. */
const ROUNDING = 2 ** -24;

/**
 * Whether float32 holds a number as well as it holds any: exactly if it is a bigint, otherwise to about seven digits. It does
 * not hold what would become infinite, what would become 0, and what has only a few bits left near 0.
 */
export function fitsFloat32(value: number | bigint): boolean {
  const stored = Math.fround(Number(value));
  if (typeof value === 'bigint') return Number.isFinite(stored) && BigInt(stored) === value;
  if (!Number.isFinite(value)) return true;
  return Math.abs(stored - value) <= ROUNDING * Math.abs(value);
}

/** The whole numbers that a float32 tensor holds one by one end here. */
const WHOLE = 2 ** 24;

/** Where numbers come from, for messages. */
export interface NumberSource {
  reader: string;
  path: string;
  shape: readonly number[];
  /** Whether the numbers are whole by their type; then they must be held exactly. */
  isWhole: boolean;
}

/**
 * Numbers as float32.
 * @param round whether to accept numbers that float32 holds badly
 * @throws {Float32LossError} for the first number that float32 cannot hold
 */
export function float32From(
  values: ArrayLike<number | bigint>,
  { reader, path, shape, isWhole }: NumberSource,
  round = false,
): Float32Array {
  const numbers = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    numbers[i] = Number(value);
    const isHeld = isWhole && Math.abs(numbers[i]) >= WHOLE ? fitsFloat32(BigInt(value)) : fitsFloat32(value);
    if (!isHeld && !(round && Number.isFinite(numbers[i]))) {
      const where = `the number at [${positionOf(i, shape).join(', ')}] is ${value}`;
      throw new Float32LossError(reader, path, where, numbers[i], 'convert the numbers before you save them');
    }
  }
  return numbers;
}

/** The indices of a number in an array of this shape. */
function positionOf(index: number, shape: readonly number[]): number[] {
  let rest = index;
  return shape
    .map((_, axis) => {
      const length = shape[shape.length - 1 - axis];
      const position = rest % length;
      rest = Math.floor(rest / length);
      return position;
    })
    .reverse();
}

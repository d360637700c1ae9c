import { encodeIntegers } from './array-codec';
import type { QuantizedPayload } from './embedding';
import { ArrayPayloadError } from '../display/errors';

/** int16 without its lowest value, so that the middle of the range is 0. */
const STEPS = 65_534;

/**
 * Rows of numbers as int16, for the eye: all columns in steps of 1/65,534 of the widest one's range, so that a map keeps
 * its proportions.
 *
 * @param values [rows, columns], row major, finite
 * @throws {ArrayPayloadError} if a value is not finite.
 */
export function quantized(values: Float32Array, columns: number): QuantizedPayload {
  const bad = values.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) throw new ArrayPayloadError(`value ${bad} is ${values[bad]}, which JSON readers refuse`);
  const ranges = Array.from({ length: columns }, (_, column) => rangeOf(values, column, columns));
  const widest = Math.max(...ranges.map(({ low, high }) => high - low));
  const scale = widest > 0 ? widest / STEPS : 1;
  const offset = ranges.map(({ low, high }) => (low + high) / 2);
  const steps = Int16Array.from(values, (value, i) => Math.round((value - offset[i % columns]) / scale));
  const rows = values.length / columns;
  const shape = columns === 1 ? [rows] : [rows, columns];
  return { array: encodeIntegers(steps, 'int16', shape, scale), offset };
}

function rangeOf(values: Float32Array, column: number, columns: number): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let i = column; i < values.length; i += columns) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return { low, high };
}

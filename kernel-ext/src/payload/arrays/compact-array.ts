import { type ArrayPayload, encodeArray, encodeIntegers, refuseUnwritable } from './array-payload';

/** Arrays of more numbers are stored as integers: 224 × 224 × 3 numbers are 803 KB as float32 in base64. */
const MOST_EXACT = 32_768;

/** Steps of images that were read from bytes, as they are or divided by 255, 127.5 or 256. */
const BYTE_STEPS = [1, 1 / 255, 1 / 256];

const LARGEST = 32_767;

/**
 * An array for a notebook: float32 if it is small; else bytes or int16 without loss, if the numbers come from bytes; else int16 in
 * steps of 1/32,767 of the largest magnitude.
 *
 * @param values finite numbers, as many as `shape` requires, row major
 * @throws {ArrayPayloadError} if there are more or fewer values, or one is not finite.
 */
export function compactArray(values: Float32Array, shape: readonly number[]): ArrayPayload {
  if (values.length <= MOST_EXACT) return encodeArray(values, shape);
  refuseUnwritable(values);
  const step = BYTE_STEPS.find(one => values.every(value => isMultiple(value, one)));
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = step ?? largest / LARGEST;
  const integers = values.map(value => Math.round(value / scale));
  const areBytes = integers.every(integer => integer >= 0 && integer <= 255);
  return encodeIntegers(integers, areBytes && step !== undefined ? 'uint8' : 'int16', shape, scale);
}

function isMultiple(value: number, step: number): boolean {
  const integer = Math.round(value / step);
  return Math.abs(integer) <= LARGEST && Math.fround(integer * step) === value;
}

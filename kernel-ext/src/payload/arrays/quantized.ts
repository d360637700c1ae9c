import { MalformedPayloadError } from '../errors';
import { asFields, asNumbers, own } from '../fields';
import { rangeOf } from '../range';
import { type ArrayPayload, decodeArray, encodeIntegers, refuseUnwritable } from './array-payload';

/** Numbers rounded for display: value = stored integer × array.scale + offset of its column. */
export interface QuantizedPayload {
  array: ArrayPayload;
  /** One number per column. */
  offset: number[];
}

/** int16 without its lowest value, so that the middle of the range is 0. */
const STEPS = 65_534;

/** Far more rows than a view draws. */
const MOST_ROWS = 2_000_000;

/**
 * Rounds rows of numbers to int16 for display: all columns in steps of 1/65,534 of the widest column's range, so that an
 * embedding keeps its proportions.
 *
 * @param values [rows, columns], row major, finite
 * @throws {ArrayPayloadError} if a value is not finite.
 */
export function quantized(values: Float32Array, columns: number): QuantizedPayload {
  refuseUnwritable(values);
  const ranges = Array.from({ length: columns }, (_, column) =>
    rangeOf(values.filter((_, i) => i % columns === column)),
  );
  const widest = Math.max(...ranges.map(({ low, high }) => high - low));
  const scale = widest > 0 ? widest / STEPS : 1;
  const offset = ranges.map(({ low, high }) => (low + high) / 2);
  const steps = Int16Array.from(values, (value, i) => Math.round((value - offset[i % columns]) / scale));
  const rows = values.length / columns;
  const shape = columns === 1 ? [rows] : [rows, columns];
  return { array: encodeIntegers(steps, 'int16', shape, scale), offset };
}

/** @returns [rows·columns], row major. @throws {MalformedPayloadError} */
export function readQuantized(value: unknown, columns: number, field: string): Float32Array {
  const fields = asFields(value, field);
  const { shape, values } = decodeArray(own(fields, 'array'), `${field}.array`);
  const isRight = shape.length === (columns === 1 ? 1 : 2) && (columns === 1 || shape[1] === columns);
  if (!isRight || shape[0] > MOST_ROWS)
    throw new MalformedPayloadError(`${field}.array.shape`, `is [${shape.join(', ')}], not [n, ${columns}]`);
  const offset = asNumbers(own(fields, 'offset'), columns, columns, `${field}.offset`);
  for (let i = 0; i < values.length; i++) values[i] += offset[i % columns];
  return values;
}

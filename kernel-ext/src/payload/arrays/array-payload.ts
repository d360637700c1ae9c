import { ArrayPayloadError, MalformedPayloadError } from '../errors';
import { asFields, asIndex, asList, asNumber, asOneOf, own } from '../fields';
import { fromBase64, toBase64 } from './base64';
import { float32Bytes } from './float-bytes';
import { sizeOf } from './size-of';

/** An array: little endian bytes in base64, row major. */
export interface ArrayPayload {
  dtype: 'float32' | 'int16' | 'uint8';
  shape: number[];
  data: string;
  /** Present for integers: value = stored integer × scale, rounded at most by half of it. */
  scale?: number;
}

/** An array of a payload, decoded to numbers. */
export interface DecodedArray {
  shape: number[];
  /** Row major, as many as the product of the shape. */
  values: Float32Array;
  /** Half a quantization step if the values were rounded for display; 0 if they are exact. */
  rounding: number;
}

/** 2^24 numbers are 64 MiB: far more than any input that is shown, far less than what would block a browser. */
const MOST_VALUES = 2 ** 24;
const MOST_AXES = 8;

const TYPES = {
  float32: {
    bytes: 4,
    read: (view: DataView, i: number) => view.getFloat32(4 * i, true),
  },
  int16: {
    bytes: 2,
    read: (view: DataView, i: number) => view.getInt16(2 * i, true),
  },
  uint8: { bytes: 1, read: (view: DataView, i: number) => view.getUint8(i) },
} as const;

/**
 * @param values finite numbers, as many as `shape` requires, row major
 * @throws {ArrayPayloadError} if there are more or fewer values, or one is not finite.
 */
export function encodeArray(values: Float32Array, shape: readonly number[]): ArrayPayload {
  if (values.length !== sizeOf(shape))
    throw new ArrayPayloadError(`${values.length} values do not fill shape [${shape.join(', ')}]`);
  refuseUnwritable(values);
  return { dtype: 'float32', shape: [...shape], data: toBase64(float32Bytes(values)) };
}

/** @throws {ArrayPayloadError} at the first NaN or infinity. */
export function refuseUnwritable(values: Float32Array): void {
  const bad = values.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) throw new ArrayPayloadError(`value ${bad} is ${values[bad]}, which JSON cannot represent`);
}

/**
 * @param values whole numbers within the range of `dtype`, row major
 * @param scale the value of one step, if the numbers were rounded for display
 */
export function encodeIntegers(
  values: ArrayLike<number>,
  dtype: 'int16' | 'uint8',
  shape: readonly number[],
  scale?: number,
): ArrayPayload {
  const bytes = new Uint8Array(values.length * TYPES[dtype].bytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'int16') view.setInt16(2 * i, values[i], true);
    else view.setUint8(i, values[i]);
  }
  return { dtype, shape: [...shape], data: toBase64(bytes), ...(scale !== undefined && { scale }) };
}

/**
 * Decodes an `ArrayPayload`.
 * @param field where the array stands in the payload, for the message
 * @throws {MalformedPayloadError} if dtype, shape, length, scale or a value is not what the contract demands.
 */
export function decodeArray(value: unknown, field: string): DecodedArray {
  const fields = asFields(value, field);
  const type = TYPES[asOneOf(own(fields, 'dtype'), ['float32', 'int16', 'uint8'], `${field}.dtype`)];
  const shape = asShape(own(fields, 'shape'), `${field}.shape`);
  const count = sizeOf(shape);
  if (count > MOST_VALUES) {
    throw new MalformedPayloadError(`${field}.shape`, `declares ${count} numbers, more than ${MOST_VALUES}`);
  }
  const scale = scaleOf(own(fields, 'scale'), `${field}.scale`);
  const view = bytesOf(own(fields, 'data'), count * type.bytes, `${field}.data`);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = type.read(view, i) * (scale ?? 1);
  refuseNonFinite(values, field);
  return { shape, values, rounding: scale === undefined ? 0 : scale / 2 };
}

/** Like `decodeArray`, for an array that must have `shape`. */
export function decodeShaped(value: unknown, shape: readonly number[], field: string): DecodedArray {
  const array = decodeArray(value, field);
  if (array.shape.join() !== shape.join())
    throw new MalformedPayloadError(
      `${field}.shape`,
      `is [${array.shape.join(', ')}], not [${shape.join(', ')}]`,
    );
  return array;
}

/** Like `decodeArray`, for `count` whole numbers from 0 to limit − 1. */
export function decodeIndices(value: unknown, count: number, limit: number, field: string): Float32Array {
  const { values } = decodeShaped(value, [count], field);
  for (const v of values) asIndex(v, limit, field);
  return values;
}

/** @throws {MalformedPayloadError} at the first NaN or infinity. */
export function refuseNonFinite(values: Float32Array, field: string): void {
  const bad = values.findIndex(v => !Number.isFinite(v));
  if (bad >= 0) throw new MalformedPayloadError(field, `has the value ${values[bad]} at position ${bad}`);
}

/** Lengths of the axes of an array. @throws {MalformedPayloadError} */
export function asShape(value: unknown, field: string): number[] {
  return asList(value, 1, MOST_AXES, field).map((entry, axis) => {
    const length = asNumber(entry, `${field}[${axis}]`);
    if (Number.isSafeInteger(length) && length >= 1) return length;
    throw new MalformedPayloadError(`${field}[${axis}]`, `is ${length}, not a positive whole number`);
  });
}

function scaleOf(scale: unknown, field: string): number | undefined {
  if (scale === undefined) return undefined;
  const value = asNumber(scale, field);
  if (value <= 0) throw new MalformedPayloadError(field, `is ${value}, not positive`);
  return value;
}

function bytesOf(data: unknown, length: number, field: string): DataView {
  if (typeof data !== 'string') throw new MalformedPayloadError(field, `is a ${typeof data}, not base64`);
  const bytes = fromBase64(data, length);
  if (bytes === null) throw new MalformedPayloadError(field, `is not ${length} bytes in base64`);
  return new DataView(bytes.buffer);
}

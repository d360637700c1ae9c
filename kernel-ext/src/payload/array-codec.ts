import { ArrayPayloadError } from '../display/errors';
import type { ArrayPayload } from './linearization';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

const READERS = {
  float32: { bytes: 4, read: (view: DataView, i: number) => view.getFloat32(4 * i, true) },
  int16: { bytes: 2, read: (view: DataView, i: number) => view.getInt16(2 * i, true) },
  uint8: { bytes: 1, read: (view: DataView, i: number) => view.getUint8(i) },
};

/**
 * @param values as many finite numbers as `shape` has entries, row major
 * @throws {ArrayPayloadError} if they are more, fewer, or not finite.
 */
export function encodeArray(values: Float32Array, shape: readonly number[]): ArrayPayload {
  if (values.length !== sizeOf(shape)) {
    throw new ArrayPayloadError(`${values.length} values do not fill shape [${shape.join(', ')}]`);
  }
  const bad = values.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) throw new ArrayPayloadError(`value ${bad} is ${values[bad]}, which JSON readers refuse`);
  return { dtype: 'float32', shape: [...shape], data: float32Bytes(values).toString('base64') };
}

/** Whole numbers that fit their type, row major. @param scale what one stands for, if they were rounded for the eye */
export function encodeIntegers(
  values: ArrayLike<number>,
  dtype: 'int16' | 'uint8',
  shape: readonly number[],
  scale?: number,
): ArrayPayload {
  const data = Buffer.alloc(values.length * READERS[dtype].bytes);
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'int16') data.writeInt16LE(values[i], 2 * i);
    else data.writeUInt8(values[i], i);
  }
  return { dtype, shape: [...shape], data: data.toString('base64'), ...(scale !== undefined && { scale }) };
}

/** The values as float32, little endian on every machine. */
export function float32Bytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes;
}

/** What `float32Bytes` wrote; bytes that do not fill a last number are left out. */
export function float32Values(bytes: ArrayBufferView): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, i) =>
    view.getFloat32(4 * i, true),
  );
}

/**
 * @returns the values, scaled if the payload is quantized
 * @throws {ArrayPayloadError} if type, shape and bytes do not fit together.
 */
export function decodeArray(payload: ArrayPayload): Float32Array {
  const reader = READERS[payload.dtype];
  if (!reader)
    throw new ArrayPayloadError(`dtype ${payload.dtype} is none of ${Object.keys(READERS).join(', ')}`);
  if (!payload.shape.every(length => Number.isInteger(length) && length > 0)) {
    throw new ArrayPayloadError(
      `shape [${payload.shape.join(', ')}] has lengths that are not positive whole numbers`,
    );
  }
  const bytes = Buffer.from(payload.data, 'base64');
  const count = sizeOf(payload.shape);
  if (bytes.length !== count * reader.bytes || bytes.toString('base64') !== payload.data) {
    throw new ArrayPayloadError(
      `${bytes.length} bytes of ${payload.dtype} do not fill shape [${payload.shape.join(', ')}]`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: count }, (_, i) => reader.read(view, i) * (payload.scale ?? 1));
}

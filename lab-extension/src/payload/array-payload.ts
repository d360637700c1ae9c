import { asFields, asList, asNumber, own } from './fields';
import { MalformedPayloadError } from './malformed-payload';

/** An array that came over the wire, decoded to numbers. */
export interface DecodedArray {
  shape: number[];
  /** Row major, as many as the product of the shape. */
  values: Float32Array;
  /** Half a quantization step if the values were rounded to integers for the eye; 0 if they are exact. */
  rounding: number;
}

/** 2^24 numbers are 64 MiB: far above any input that is shown, far below what would stop a browser. */
const MOST_VALUES = 2 ** 24;
const MOST_AXES = 8;

const READERS = {
  float32: { bytes: 4, read: (view: DataView, i: number) => view.getFloat32(4 * i, true) },
  int16: { bytes: 2, read: (view: DataView, i: number) => view.getInt16(2 * i, true) },
  uint8: { bytes: 1, read: (view: DataView, i: number) => view.getUint8(i) },
} as const;

/**
 * Decodes an `ArrayPayload`: base64, little endian, row major.
 * @param field where the array stands in the payload, for the message.
 * @throws MalformedPayloadError if dtype, shape, length, scale or a value is not what the contract says.
 */
export function decodeArray(value: unknown, field: string): DecodedArray {
  const fields = asFields(value, field);
  const reader = readerOf(own(fields, 'dtype'), field);
  const shape = shapeOf(own(fields, 'shape'), field);
  const count = shape.reduce((product, length) => product * length, 1);
  if (count > MOST_VALUES) {
    throw new MalformedPayloadError(`${field}.shape`, `asks for ${count} numbers, more than ${MOST_VALUES}`);
  }
  const scale = scaleOf(own(fields, 'scale'), field);
  const view = bytesOf(own(fields, 'data'), count * reader.bytes, field);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.read(view, i) * (scale ?? 1);
  refuseNonFinite(values, field);
  return { shape, values, rounding: scale === undefined ? 0 : scale / 2 };
}

/** @throws MalformedPayloadError at the first NaN or infinity. */
export function refuseNonFinite(values: Float32Array, field: string): void {
  const bad = values.findIndex(v => !Number.isFinite(v));
  if (bad >= 0) throw new MalformedPayloadError(field, `holds ${values[bad]} at position ${bad}`);
}

function readerOf(dtype: unknown, field: string) {
  if (dtype === 'float32' || dtype === 'int16' || dtype === 'uint8') return READERS[dtype];
  throw new MalformedPayloadError(`${field}.dtype`, 'is none of float32, int16, uint8');
}

function shapeOf(shape: unknown, field: string): number[] {
  return asList(shape, 1, MOST_AXES, `${field}.shape`).map((entry, axis) => {
    const length = asNumber(entry, `${field}.shape[${axis}]`);
    if (!Number.isSafeInteger(length) || length < 1) {
      throw new MalformedPayloadError(`${field}.shape[${axis}]`, `is ${length}, not a positive whole number`);
    }
    return length;
  });
}

function scaleOf(scale: unknown, field: string): number | undefined {
  if (scale === undefined) return undefined;
  const value = asNumber(scale, `${field}.scale`);
  if (value <= 0) throw new MalformedPayloadError(`${field}.scale`, `is ${value}, not positive`);
  return value;
}

function bytesOf(data: unknown, byteLength: number, field: string): DataView {
  const wanted = 4 * Math.ceil(byteLength / 3);
  if (typeof data !== 'string' || data.length !== wanted) {
    const found = typeof data === 'string' ? `${data.length} characters` : `a ${typeof data}`;
    throw new MalformedPayloadError(`${field}.data`, `is ${found}, not ${wanted} characters of base64`);
  }
  let binary: string;
  try {
    binary = atob(data);
  } catch {
    throw new MalformedPayloadError(`${field}.data`, 'is not base64');
  }
  if (binary.length !== byteLength) {
    throw new MalformedPayloadError(`${field}.data`, `holds ${binary.length} bytes, not ${byteLength}`);
  }
  return new DataView(Uint8Array.from(binary, c => c.charCodeAt(0)).buffer);
}

import * as tf from '@tensorflow/tfjs';
import { OptionError } from '../errors';
import { NpyFormatError } from './errors';
import { float32From } from './float32';
import { readDataFile } from './read-data-file';

export interface NpyOptions {
  /** Whether to round what float32 cannot hold, such as 16777217 or 1e-60, instead of refusing it. Default: false. */
  round?: boolean;
}

type Values = Float64Array | BigInt64Array | BigUint64Array;

/** An array from a file. */
interface NpyArray {
  shape: number[];
  /** Row major; bigint for integers of 64 bits. */
  values: Values;
  /** Whether the numbers are whole by their type. */
  isWhole: boolean;
}

interface ElementType {
  bytes: number;
  /** The number at a byte. */
  read(view: DataView, at: number, little: boolean): number | bigint;
}

const TYPES: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => view.getBigUint64(at, little) },
  i8: { bytes: 8, read: (view, at, little) => view.getBigInt64(at, little) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/**
 * Reads an array that NumPy saved (the NPY format, numpy.lib.format, versions 1 to 3).
 * @returns float32 in the array's shape; the caller disposes it. NaN and infinities stay as they are.
 * @throws {NpyFormatError} if the header is not NPY, bytes are missing or left over, or the elements are not numbers;
 *   {Float32LossError} if float32 would turn a number into another one; {OptionError}.
 */
export async function npy(path: string, { round }: NpyOptions = {}): Promise<tf.Tensor> {
  if (round !== undefined && typeof round !== 'boolean')
    throw new OptionError('data.npy', 'round', round, 'true or false');
  const { shape, values, isWhole } = parseNpy(await readDataFile(path, 'data.npy'), path);
  return tf.tensor(
    float32From(values, { reader: 'data.npy', path, shape, isWhole }, round),
    shape,
    'float32',
  );
}

/** As `npy`, from bytes, as the numbers that the file has; `path` appears only in error messages. */
export function parseNpy(file: Buffer, path: string): NpyArray {
  const { header, start } = headerOf(file, path);
  const [, order, code] = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  const type = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (!type)
    throw new NpyFormatError(
      path,
      `its header ${header.trim().slice(0, 200)} names no supported type of number`,
    );
  const lengths = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (lengths === undefined)
    throw new NpyFormatError(path, `its header ${header.trim().slice(0, 200)} has no shape`);
  const shape = lengths.match(/\d+/g)?.map(Number) ?? [];
  const count = shape.reduce((product, length) => product * length, 1);
  if (file.length !== start + count * type.bytes) {
    throw new NpyFormatError(
      path,
      `it has ${file.length} bytes, but shape [${shape.join(', ')}] needs ${start + count * type.bytes}`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset + start, file.length - start);
  const values = arrayFor(code, count);
  for (let i = 0; i < count; i++) values[i] = type.read(view, i * type.bytes, order !== '>');
  const isColumnMajor = header.includes("'fortran_order': True");
  return { shape, values: isColumnMajor ? rowMajor(values, shape) : values, isWhole: !code.startsWith('f') };
}

function arrayFor(code: string, count: number): Values {
  if (code === 'i8') return new BigInt64Array(count);
  return code === 'u8' ? new BigUint64Array(count) : new Float64Array(count);
}

function headerOf(file: Buffer, path: string): { header: string; start: number } {
  if (file.subarray(0, 4).toString('latin1') === 'PK\x03\x04')
    throw new NpyFormatError(path, 'it is an archive of several arrays, as numpy.savez writes');
  if (file.subarray(0, 6).toString('latin1') !== '\x93NUMPY')
    throw new NpyFormatError(path, 'it does not begin with \\x93NUMPY');
  if (file.length > 6 && ![1, 2, 3].includes(file[6]))
    throw new NpyFormatError(path, `its version is ${file[6]}, and only 1, 2 and 3 are known`);
  const begin = file[6] === 1 ? 10 : 12;
  const length = file.length < begin ? Infinity : file[6] === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8);
  if (file.length < begin + length) throw new NpyFormatError(path, 'its header is cut off');
  return { header: file.subarray(begin, begin + length).toString(), start: begin + length };
}

/** Converts from column-major order, in which the first index changes fastest. */
function rowMajor(values: Values, shape: readonly number[]): Values {
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, 1),
  );
  const sorted = values.slice();
  for (let to = 0; to < sorted.length; to++) {
    let left = to;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (left % shape[axis]) * strides[axis];
      left = Math.floor(left / shape[axis]);
    }
    sorted[to] = values[from];
  }
  return sorted;
}

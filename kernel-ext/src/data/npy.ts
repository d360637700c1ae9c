import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { NpyFormatError } from './errors';

type Numbers = ArrayLike<number>;

/** Readers by type code: the bytes per number, and a function that reads the number at a byte. */
const TYPES: Record<string, [number, (view: DataView, at: number, little: boolean) => number]> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/**
 * Reads an array that NumPy saved (the NPY format, numpy.lib.format, versions 1 to 3).
 * @returns float32 in the array's shape; the caller disposes it.
 * @throws {NpyFormatError} if the header is not NPY, bytes are missing or left over, or the elements are not numbers.
 */
export async function npy(path: string): Promise<tf.Tensor> {
  const { shape, values } = parseNpy(await readFile(path), path);
  return tf.tensor(Float32Array.from(values), shape, 'float32');
}

/** As `npy`, from bytes, as numbers in row-major order; `path` appears only in error messages. */
export function parseNpy(file: Buffer, path: string): { shape: number[]; values: Numbers } {
  const { header, start } = headerOf(file, path);
  const type = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1].match(/\d+/g)?.map(Number) ?? [];
  const reader = type && TYPES[type[2]];
  if (!reader)
    throw new NpyFormatError(path, `its header ${header.trim()} names no supported type of number`);
  const count = shape.reduce((product, length) => product * length, 1);
  if (file.length !== start + count * reader[0]) {
    throw new NpyFormatError(
      path,
      `it has ${file.length} bytes, but shape [${shape.join(', ')}] needs ${start + count * reader[0]}`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset + start, file.length - start);
  const values = Float64Array.from({ length: count }, (_, i) =>
    reader[1](view, i * reader[0], type[1] !== '>'),
  );
  return { shape, values: header.includes("'fortran_order': True") ? rowMajor(values, shape) : values };
}

function headerOf(file: Buffer, path: string): { header: string; start: number } {
  if (file.subarray(0, 6).toString('latin1') !== '\x93NUMPY')
    throw new NpyFormatError(path, 'it does not begin with \\x93NUMPY');
  const begin = file[6] === 1 ? 10 : 12;
  const length = file.length < begin ? Infinity : file[6] === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8);
  if (file.length < begin + length) throw new NpyFormatError(path, 'its header is cut off');
  return { header: file.subarray(begin, begin + length).toString(), start: begin + length };
}

/** Converts from column-major order, in which the first index changes fastest. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, 1),
  );
  return values.map((_, to) => {
    let left = to;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (left % shape[axis]) * strides[axis];
      left = Math.floor(left / shape[axis]);
    }
    return values[from];
  });
}

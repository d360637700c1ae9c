import * as tf from '@tensorflow/tfjs';
import { IdxFormatError } from './errors';
import { float32From } from './float32';
import { gunzipBeginning, gunzipExactly, isGzipped } from './gunzip';
import { readDataFile } from './read-data-file';

export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array of any rank from an IDX file. */
export interface IdxArray {
  readonly shape: number[];
  /** Row major, in the type of the file. */
  readonly values: IdxValues;
  /**
   * @param options `round`: whether to round what float32 cannot hold, such as 16777217, instead of refusing it
   * @returns [...shape], float32, values unscaled; the caller disposes it.
   * @throws {Float32LossError} if float32 would turn a number into another one
   */
  toTensor(options?: { round?: boolean }): tf.Tensor;
}

interface ElementType {
  bytes: number;
  read(view: DataView, count: number): IdxValues;
}

/** The format's type codes (http://yann.lecun.com/exdb/mnist/, "The IDX file format"); numbers are big endian. */
const ELEMENT_TYPES: Record<number, ElementType> = {
  0x08: { bytes: 1, read: (v, n) => new Uint8Array(v.buffer, v.byteOffset, n) },
  0x09: { bytes: 1, read: (v, n) => new Int8Array(v.buffer, v.byteOffset, n) },
  0x0b: { bytes: 2, read: (v, n) => Int16Array.from({ length: n }, (_, i) => v.getInt16(2 * i)) },
  0x0c: { bytes: 4, read: (v, n) => Int32Array.from({ length: n }, (_, i) => v.getInt32(4 * i)) },
  0x0d: { bytes: 4, read: (v, n) => Float32Array.from({ length: n }, (_, i) => v.getFloat32(4 * i)) },
  0x0e: { bytes: 8, read: (v, n) => Float64Array.from({ length: n }, (_, i) => v.getFloat64(8 * i)) },
};

/**
 * Reads an IDX file, the format of MNIST and its relatives; gzipped files are unpacked.
 * @throws {IdxFormatError} if the header is not IDX or if bytes are missing or left over.
 */
export async function idx(path: string): Promise<IdxArray> {
  return parseIdx(await readDataFile(path, 'data.idx'), path);
}

/** As `idx`, from bytes; `path` appears only in error messages. */
export function parseIdx(file: Buffer, path: string): IdxArray {
  const beginning = isGzipped(file) ? unpacked(() => gunzipBeginning(file), path) : file;
  const { type, code, shape, start } = headerOf(beginning, path);
  const count = shape.reduce((product, size) => product * size, 1);
  const wanted = start + count * type.bytes;
  const bytes = isGzipped(file) ? unpacked(() => gunzipExactly(file, wanted), path) : file;
  if (bytes.length !== wanted) {
    throw new IdxFormatError(
      path,
      `it has ${bytes.length} bytes, but shape [${shape.join(', ')}] needs ${wanted}`,
    );
  }
  const values = type.read(new DataView(bytes.buffer, bytes.byteOffset + start), count);
  const source = { reader: 'data.idx', path, shape, isWhole: code < 0x0d };
  const toTensor = ({ round }: { round?: boolean } = {}): tf.Tensor =>
    tf.tensor(float32From(values, source, round), shape, 'float32');
  return { shape, values, toTensor };
}

function unpacked(unpack: () => Buffer, path: string): Buffer {
  try {
    return unpack();
  } catch (error) {
    throw new IdxFormatError(path, (error as Error).message);
  }
}

function headerOf(bytes: Buffer, path: string) {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0) {
    throw new IdxFormatError(path, 'it wanted two zero bytes at the start');
  }
  const code = bytes[2];
  const type = ELEMENT_TYPES[code];
  if (!type)
    throw new IdxFormatError(path, `its type code 0x${code.toString(16)} is not one of 8, 9, b, c, d, e`);
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) throw new IdxFormatError(path, `its header of ${start} bytes is cut off`);
  const shape = Array.from({ length: bytes[3] }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  return { type, code, shape, start };
}

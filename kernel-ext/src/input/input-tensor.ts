import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { DtypeError, InputValueError, RaggedInputError } from '../errors';
import { shownValue } from '../errors/shown-value';

/** How numbers from the caller are read. */
export interface Reading {
  /** The command that reads them, and the name of the argument. Default: linearize and x. */
  command?: string;
  argument?: string;
  /** Whether integers and booleans become float32, too. Default: false, because pixels usually have to be scaled. */
  integers?: boolean;
}

/**
 * Numbers from the caller as a new float32 tensor, which the caller of this function disposes. Nothing is guessed: whatever is
 * missing, ragged or not a number is refused, and no tensor is left behind then.
 *
 * @param x a tensor, which stays its owner's, a number, a typed array, or arrays of these, nested.
 * @throws InputValueError, RaggedInputError, DtypeError
 */
export function inputTensor(x: unknown, reading: Reading = {}): Tensor {
  if (x instanceof tf.Tensor) return ofTensor(x, reading);
  const { numbers, shape } = new Reader(x, reading);
  return tf.tensor(numbers, shape, 'float32');
}

/** Does something with numbers from the caller, and frees the tensor that was made of them. @throws as `inputTensor` */
export async function withInputTensor<T>(
  x: unknown,
  reading: Reading,
  use: (tensor: Tensor) => Promise<T>,
): Promise<T> {
  const tensor = inputTensor(x, reading);
  try {
    return await use(tensor);
  } finally {
    tensor.dispose();
  }
}

/** Whether x is pixels, as a browser or an image library gives them. */
export const isImageData = (x: unknown): boolean =>
  typeof x === 'object' && x !== null && ['data', 'width', 'height'].every(key => key in x);

/** The name of a typed array's class, of whichever realm it is; null for anything else. */
export function typedArrayName(x: unknown): string | null {
  return ArrayBuffer.isView(x) && !(x instanceof DataView) ? x[Symbol.toStringTag as never] : null;
}

function ofTensor(x: Tensor, { command, argument, integers = false }: Reading): Tensor {
  if (x.isDisposed)
    throw new InputValueError(
      [],
      'a tensor that has been disposed of',
      'Create it again.',
      command,
      argument,
    );
  if (x.dtype === 'float32') return tf.clone(x);
  if (integers && (x.dtype === 'int32' || x.dtype === 'bool')) return x.toFloat();
  throw new DtypeError(x.dtype, command, argument);
}

const FLOATS = new Set(['Float16Array', 'Float32Array', 'Float64Array']);

/** Arrays nested more deeply contain themselves. */
const DEEPEST = 32;

const isList = (x: unknown): x is ArrayLike<unknown> => Array.isArray(x) || typedArrayName(x) !== null;

const isScalar = (x: unknown): boolean => ['number', 'boolean', 'string'].includes(typeof x);

const isFloat32 = (x: unknown): x is number =>
  typeof x === 'number' && (Number.isFinite(Math.fround(x)) || !Number.isFinite(x));

/** Reads nested arrays into one array of numbers. */
class Reader {
  /** The lengths of the first array on each level. */
  readonly shape: number[] = [];
  readonly numbers: Float32Array;
  private count = 0;

  constructor(
    x: unknown,
    private readonly reading: Reading,
  ) {
    for (let first = x; isList(first); first = first[0]) {
      this.shape.push(first.length);
      if (this.shape.length > DEEPEST)
        throw this.refused([], `nested more than ${DEEPEST} deep`, 'Does the array contain itself?');
    }
    this.numbers = new Float32Array(this.shape.reduce((a, b) => a * b, 1));
    this.read(x, []);
  }

  private read(x: unknown, index: readonly number[]): void {
    const length = this.shape[index.length];
    if (!isList(x)) {
      if (length !== undefined && isScalar(x)) throw this.ragged(index, 'a single entry', length);
      this.numbers[this.count] = this.number(x, index);
      this.count++;
      return;
    }
    if (x.length !== length) throw this.ragged(index, `${x.length} entries`, length);
    this.assertFloats(x, index);
    const innermost = index.length + 1 === this.shape.length;
    for (let i = 0; i < x.length; i++) {
      const entry = x[i];
      if (innermost && isFloat32(entry)) this.numbers[this.count++] = entry;
      else this.read(entry, [...index, i]);
    }
  }

  private number(x: unknown, index: readonly number[]): number {
    if (isFloat32(x)) return x;
    if (typeof x === 'number')
      throw this.refused(index, String(x), 'The largest float32 is 3.4e38: scale the numbers first.');
    if (typeof x === 'boolean' && this.reading.integers === true) return Number(x);
    // Where the very first entry is of another type, all are taken to be.
    if (this.count === 0 && (typeof x === 'boolean' || typeof x === 'string'))
      throw this.wrongType(typeof x === 'string' ? 'string' : 'bool');
    throw this.refused(index, shownValue(x), adviceFor(x));
  }

  private assertFloats(x: ArrayLike<unknown>, index: readonly number[]): void {
    const type = typedArrayName(x);
    if (type === null || FLOATS.has(type)) return;
    if (type.startsWith('Big')) throw this.refused(index, `a ${type}`, adviceFor(0n));
    if (this.reading.integers !== true) throw this.wrongType(type);
  }

  private wrongType(type: string): DtypeError {
    return new DtypeError(type, this.reading.command, this.reading.argument);
  }

  private ragged(index: readonly number[], received: string, length: number | undefined): RaggedInputError {
    const { command, argument } = this.reading;
    const wanted = length === undefined ? 'a single entry' : `${length} entries`;
    return new RaggedInputError(index, received, wanted, command, argument);
  }

  private refused(index: readonly number[], received: string, advice: string): InputValueError {
    const { command, argument } = this.reading;
    return new InputValueError(index, received, advice, command, argument);
  }
}

function adviceFor(x: unknown): string {
  if (x === null || x === undefined)
    return 'Nothing is filled in for a missing number: give one, or leave the entry out.';
  if (typeof x === 'bigint') return 'Convert it with Number(…).';
  if (isImageData(x))
    return 'Make a tensor of the pixels of the image, for example tf.browser.fromPixels(image, 1).toFloat().div(255).';
  if (x instanceof tf.Tensor) return 'Join the tensors first, with tf.stack([…]).';
  if (x instanceof DataView || x instanceof ArrayBuffer)
    return 'State what the bytes mean, for example new Float32Array(buffer).';
  return 'Give numbers: a tensor, a typed array, or nested arrays of numbers.';
}

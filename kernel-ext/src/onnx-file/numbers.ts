import type { Tensor } from 'onnxruntime-node';
import { onnxruntime } from './onnxruntime';
import { fromHalf, toHalf } from './half';

/** Numbers as onnxruntime gave them. */
export interface OnnxNumbers {
  /** Row major. */
  values: Float32Array;
  shape: number[];
  /** The type that they have in the model: 'float32', 'int64', 'bool', … */
  type: string;
  /** The same without rounding to float32, for integers and truth values. */
  integers?: readonly number[];
}

/** What a type's numbers are kept in. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** Types of numbers that an activation may have: what moves with x. */
const FLOATS = new Set(['float32', 'float64', 'float16', 'bfloat16']);

export const isFloat = (type: string): boolean => FLOATS.has(type);

/** Whether numbers can be fed in a type. */
export const canFeed = (type: string): boolean =>
  type in ARRAYS || type === 'float16' || type === 'int64' || type === 'uint64';

/** @returns numbers in the type that an input takes. */
export async function toOnnx(
  type: string,
  numbers: ArrayLike<number>,
  shape: readonly number[],
): Promise<Tensor> {
  const { Tensor } = await onnxruntime();
  return new Tensor(type as 'float32', arrayOf(type, numbers) as Float32Array, [...shape]);
}

function arrayOf(type: string, numbers: ArrayLike<number>): ArrayBufferView {
  if (type === 'float16') return Uint16Array.from(numbers, toHalf);
  if (type === 'int64') return BigInt64Array.from(numbers, BigInt);
  if (type === 'uint64') return BigUint64Array.from(numbers, BigInt);
  return ARRAYS[type as keyof typeof ARRAYS].from(numbers);
}

/** @returns null for what is no numbers, such as texts. */
export function fromOnnx({ type, data, dims }: Tensor): OnnxNumbers | null {
  const shape = [...dims];
  if (type === 'float32') return { values: data as Float32Array, shape, type };
  if (type === 'float64') return { values: Float32Array.from(data as Float64Array), shape, type };
  if (type === 'float16') return { values: halves(data), shape, type };
  if (type === 'string' || !canFeed(type)) return null;
  const integers = Array.from(data as ArrayLike<number | bigint>, Number);
  return { values: Float32Array.from(integers), shape, type, integers };
}

/** Where JavaScript has an array of halves, onnxruntime uses it. */
function halves(data: Tensor['data']): Float32Array {
  return data instanceof Uint16Array
    ? Float32Array.from(data, fromHalf)
    : Float32Array.from(data as unknown as ArrayLike<number>);
}

import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { OnnxError } from '../errors';
import { withInputTensor } from '../input/input-tensor';
import { canFeed, isFloat } from './numbers';
import type { OnnxValueInfo } from './value-info';

/** Integers beyond this are no longer all float32. */
const EXACT = 2 ** 24;

/** Numbers for an input, row major. */
export interface InputNumbers {
  numbers: ArrayLike<number>;
  shape: number[];
}

/**
 * Numbers from the caller for one input of a model. No tensor is left behind.
 * @param axes the lengths that free axes have got from other inputs, by name; those of this one are added.
 * @throws OnnxError if they do not fit, and as `inputTensor`
 */
export async function readInput(
  x: Tensor | TensorLike,
  input: OnnxValueInfo,
  axes: Map<string, { length: number; input: string }>,
  file: string,
): Promise<InputNumbers> {
  const { name, type } = input;
  if (!canFeed(type))
    throw new OnnxError(
      file,
      `the input '${name}' is of the type ${type}, which cannot be fed from JavaScript`,
    );
  const { numbers, shape } = await numbersOf(x, name, isFloat(type));
  if (!isFloat(type)) assertIntegers(numbers, x, name, file);
  return { numbers, shape: fitted(shape, input, axes, file) };
}

function numbersOf(x: Tensor | TensorLike, argument: string, floats: boolean): Promise<InputNumbers> {
  const read = async (t: Tensor) => ({ numbers: await t.data(), shape: t.shape });
  // Integers of a tensor stay exact.
  if (!floats && x instanceof tf.Tensor && !x.isDisposed && x.dtype === 'int32') return read(x);
  return withInputTensor(x, { command: 'OnnxModel.run', argument, integers: !floats }, read);
}

function assertIntegers(numbers: ArrayLike<number>, x: unknown, name: string, file: string): void {
  const exact = x instanceof tf.Tensor && x.dtype === 'int32';
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (!Number.isInteger(value))
      throw new OnnxError(file, `the input '${name}' takes integers, and x has ${value} at ${i}`);
    if (!exact && Math.abs(value) > EXACT)
      throw new OnnxError(
        file,
        `the input '${name}' got ${value}, which float32 may have rounded. Pass large integers as a tensor: tf.tensor(…, shape, 'int32')`,
      );
  }
}

/** The shape that the model runs on. @throws OnnxError */
function fitted(
  shape: readonly number[],
  { name, shape: expected }: OnnxValueInfo,
  axes: Map<string, { length: number; input: string }>,
  file: string,
): number[] {
  const fits = (lengths: readonly number[]) =>
    lengths.length === expected.length &&
    lengths.every((d, i) => typeof expected[i] === 'string' || d === expected[i]);
  const run = fits(shape) ? [...shape] : [1, ...shape];
  if (!fits(run))
    throw new OnnxError(
      file,
      `the input '${name}' takes the shape [${expected.join(', ')}], and x has [${shape.join(', ')}]`,
    );
  run.forEach((length, i) => {
    const axis = expected[i];
    if (typeof axis === 'number' || axis === '?') return;
    const known = axes.get(axis);
    if (known !== undefined && known.length !== length)
      throw new OnnxError(
        file,
        `the axis '${axis}' has the length ${known.length} in the input '${known.input}' and ${length} in '${name}'. Give both the same`,
      );
    axes.set(axis, { length, input: name });
  });
  return run;
}

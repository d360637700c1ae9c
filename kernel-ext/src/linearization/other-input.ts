import type { Tensor } from '@tensorflow/tfjs';
import { withInputTensor } from '../input/input-tensor';
import { VectorShapeError } from '../errors';

/**
 * Asks a question about another input x'.
 * @param other as many numbers as x has, `size`; integers are read as float32.
 * @throws VectorShapeError, InputValueError, RaggedInputError, DtypeError
 */
export function withOther<T>(
  question: string,
  other: unknown,
  size: number,
  ask: (other: Tensor) => Promise<T>,
): Promise<T> {
  return withInputTensor(other, { command: question, argument: "x'", integers: true }, async there => {
    if (there.size !== size) throw new VectorShapeError(question, size, there.size);
    return ask(there);
  });
}

import * as tf from '@tensorflow/tfjs';
import { explainedIn, type ShownInstance } from '../display/handles';
import { float32Values } from '../payload';
import { exactInput } from './exact-input';
import { badInput } from './question-faults';
import type { QuestionKind } from './question-kind';

/** The outputs of the network and of the linear map at another input x' in place of the shown instance. */
export const whatIf: QuestionKind<'whatIf', ShownInstance> = {
  faultOf: (_, { lin }, buffers) => badInput(buffers, lin.weights.shape[1]),
  async answer(_, shown, { buffers }) {
    const instance = explainedIn(shown);
    const other = await exactInput(instance, float32Values(buffers[0]));
    const made: tf.Tensor[] = [tf.tensor(other, [...instance.shape])];
    try {
      const { output, predicted, switched, units } = await instance.whatIf(made[0]);
      made.push(output, predicted);
      const [actual, linear] = await Promise.all([output.data(), predicted.data()]);
      return { reply: { output: [...actual], predicted: [...linear], switched, units } };
    } finally {
      tf.dispose(made);
    }
  },
};

import * as tf from '@tensorflow/tfjs';
import type { ShownInstance } from '../display/handles';
import { float32Values } from '../payload';
import { exactInput } from './exact-input';
import { badInput } from './question-faults';
import type { QuestionKind } from './question-kind';

/** How far the linear map remains exact toward another input, apart from units that are exactly at their threshold at x. */
export const reach: QuestionKind<'reach', ShownInstance> = {
  faultOf: (_, { lin }, buffers) => badInput(buffers, lin.weights.shape[1]),
  async answer(_, { lin, index }, { buffers }) {
    const instance = lin.instance(index);
    const numbers = await exactInput(instance, float32Values(buffers[0]));
    const other = tf.tensor(numbers, [...instance.shape]);
    try {
      return { reply: await instance.reach(other, { ties: 'skip' }) };
    } finally {
      other.dispose();
    }
  },
};

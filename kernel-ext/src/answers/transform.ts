import * as tf from '@tensorflow/tfjs';
import { float32Values } from '../payload';
import type { Embedding } from '../tsne';
import { shownAxes } from '../tsne/explanation';
import { badInput } from './question-faults';
import type { QuestionKind } from './question-kind';

/** The coordinates that the network assigns to another input, on the shown axes. */
export const transform: QuestionKind<'transform', Embedding> = {
  faultOf: (_, { points, length }, buffers) => badInput(buffers, points.size / length),
  async answer(_, embedding, { buffers }) {
    const x = tf.tensor(float32Values(buffers[0]), [1, ...embedding.points.shape.slice(1)]);
    const made: tf.Tensor[] = [x];
    try {
      const y = embedding.transform(x);
      made.push(y);
      return { reply: { coordinates: [...(await y.data()).slice(0, shownAxes(embedding).length)] } };
    } finally {
      tf.dispose(made);
    }
  },
};

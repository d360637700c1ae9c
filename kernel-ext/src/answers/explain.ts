import { float32Bytes } from '../payload';
import type { Embedding } from '../tsne';
import { explanation } from '../tsne/explanation';
import { badIndex } from './question-faults';
import type { QuestionKind } from './question-kind';

/** Why a point has its coordinates. */
export const explain: QuestionKind<'explain', Embedding> = {
  faultOf: ({ point }, { length }) => badIndex('point', point, length),
  async answer({ point }, embedding) {
    const { input, weights, ...reply } = await explanation(embedding, point);
    return { reply, buffers: [input, weights].map(float32Bytes) };
  },
};

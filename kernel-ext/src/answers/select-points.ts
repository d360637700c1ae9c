import { select } from '../display/selection';
import type { Embedding } from '../tsne';
import { badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

/** A person has selected points in a view. */
export const selectPoints: QuestionKind<'select', Embedding> = {
  faultOf: ({ points }, { length }) => badIndices('points', points, [0, length], length),
  answer({ points }, embedding) {
    select(embedding, points);
    return Promise.resolve({ reply: {} });
  },
};

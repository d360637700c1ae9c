import type { Embedding } from '../tsne';
import { embeddingNeighbors } from '../tsne/embedding-neighbors';
import { badCount, badIndex } from './question-faults';
import type { QuestionKind } from './question-kind';

const MOST_NEIGHBORS = 100;

/** The points nearest to a point, in the data and in the embedding. */
export const neighbors: QuestionKind<'neighbors', Embedding> = {
  faultOf: ({ point, k }, { length }) =>
    badIndex('point', point, length) ?? badCount('k', k, Math.min(MOST_NEIGHBORS, length - 1)),
  answer: async ({ point, k }, embedding) => ({ reply: await embeddingNeighbors(embedding, point, k) }),
};

import { thumbnailSheet } from '../page/thumbnail-sheet';
import { imageShape } from '../payload';
import type { Embedding } from '../tsne';
import { badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

const MOST_THUMBNAILS = 64;

/** Small images of some points, side by side in one PNG. */
export const thumbnails: QuestionKind<'thumbnails', Embedding> = {
  faultOf({ points }, embedding) {
    if (!imageShape(embedding.points.shape.slice(1))) return 'These points are not images.';
    return badIndices('points', points, [1, MOST_THUMBNAILS], embedding.length);
  },
  async answer({ points }, embedding) {
    const { png, ...reply } = (await thumbnailSheet(embedding, points, points.length))!;
    return { reply, buffers: [png] };
  },
};

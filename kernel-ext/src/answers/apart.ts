import { evenly, float32Bytes } from '../payload';
import type { Embedding } from '../tsne';
import { shownAxes } from '../tsne/explanation';
import { badGroups } from './question-faults';
import type { QuestionKind } from './question-kind';

/** How many points may represent a group: each of them needs a path of its own. */
const MOST_POINTS = 8;

/** Why two points, or two groups, are apart: the exact sum along the paths between them. */
export const apart: QuestionKind<'apart', Embedding> = {
  faultOf: ({ groups }, { length }) => badGroups(groups, length),
  async answer({ groups }, embedding) {
    const [from, to] = groups.map(group => evenly(group.length, MOST_POINTS).map(i => group[i]));
    const isPair = from.length === 1 && to.length === 1;
    const { actual, parts, sums, regions } = await embedding.displacement(
      isPair ? from[0] : from,
      isPair ? to[0] : to,
    );
    try {
      const axes = shownAxes(embedding).length;
      const values = await parts.data<'float32'>();
      const size = values.length / parts.shape[0];
      return {
        reply: {
          actual: actual.slice(0, axes),
          sums: sums.slice(0, axes),
          points: [from.length, to.length],
          regions,
        },
        buffers: [float32Bytes(values.slice(0, axes * size))],
      };
    } finally {
      parts.dispose();
    }
  },
};

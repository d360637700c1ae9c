import type { ShownInstance } from '../display/handles';
import type { QuestionKind } from './question-kind';

/**
 * How far the linear map remains exact in all directions. If x lies on borders of its region (a digit on black, where entries of
 * max-pools tie), they are counted, and the distance is that to the nearest other one.
 */
export const radius: QuestionKind<'radius', ShownInstance> = {
  faultOf: () => null,
  async answer(_, { lin, index }, { signal }) {
    const { point, ...found } = await lin.instance(index).radius({ ties: 'skip', signal });
    point?.dispose();
    const { distance, lower, exact, unit, touching } = found;
    return { reply: { distance: orNull(distance), lower: orNull(lower), exact, unit, touching } };
  },
};

/** JSON has no infinity. */
const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

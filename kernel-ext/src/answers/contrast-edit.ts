import * as tf from '@tensorflow/tfjs';
import type { ShownInstance } from '../display/handles';
import { contrastEditAt } from '../paths/contrast-edit';
import { evenly, float32Bytes, PageOrder } from '../payload';
import { badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

/** How many corners of a walk are sent, x' included. */
const MOST_CORNERS = 6;

/** A change of x at which two outputs tie. */
export const contrastEdit: QuestionKind<'contrastEdit', ShownInstance> = {
  faultOf({ index, rival }, { lin, target }) {
    if (target !== undefined) return 'The view shows a single output, which has no rival.';
    if (index === rival) return 'index and rival are the same class, which always ties with itself.';
    return badIndices('[index, rival]', [index, rival], [2, 2], lin.weights.shape[0]);
  },
  async answer({ index, rival }, shown, { signal }) {
    const instance = shown.lin.instance(shown.index);
    // Refuses linear maps that have no region at the input.
    await instance.region();
    const x = tf.tensor(await instance.input(), [...instance.shape]);
    try {
      const edit = await contrastEditAt(shown.lin.model, x, index, rival, { signal });
      edit.point.dispose();
      const { gap, distance, smallest, crossed, corners } = edit;
      const units = crossed.reduce((sum, border) => sum + border.length, 0);
      const order = new PageOrder(instance);
      const sent = evenly(corners.length - 1, MOST_CORNERS).map(n => corners[n + 1]);
      return {
        reply: { gap, distance, smallest, borders: crossed.length, units },
        buffers: sent.map(corner => float32Bytes(order.toPage(corner))),
      };
    } finally {
      x.dispose();
    }
  },
};

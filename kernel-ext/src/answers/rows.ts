import type { ShownInstance } from '../display/handles';
import { float32Bytes } from '../payload';
import { badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

/** Rows of W: one buffer per row. */
export const rows: QuestionKind<'rows', ShownInstance> = {
  faultOf({ indices }, { lin }) {
    const [outputs] = lin.weights.shape;
    return badIndices('indices', indices, [1, outputs], outputs);
  },
  async answer({ indices }, { lin, index }, { signal }) {
    const instance = lin.instance(index);
    const buffers: Uint8Array[] = [];
    for (const row of indices) {
      signal.throwIfAborted();
      const [weights] = await instance.rows([row]);
      buffers.push(float32Bytes(weights));
    }
    return { reply: { indices, shape: [...instance.shape] }, buffers };
  },
};

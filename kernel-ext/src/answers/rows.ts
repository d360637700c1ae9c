import { explainedIn, type ShownInstance } from '../display/handles';
import { float32Bytes, PageOrder } from '../payload';
import { badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

/** Rows of W, one buffer each, and b of their outputs by layer. */
export const rows: QuestionKind<'rows', ShownInstance> = {
  faultOf({ indices, bias }, { lin, target }) {
    const outputs = target === undefined ? lin.weights.shape[0] : 1;
    if (bias !== undefined && typeof bias !== 'boolean') return 'bias has to be true or false.';
    return badIndices('indices', indices, [1, outputs], outputs);
  },
  async answer({ indices, bias = false }, shown, { signal }) {
    const instance = explainedIn(shown);
    const order = new PageOrder(instance);
    const buffers: Uint8Array[] = [];
    const biasByLayer: { layer: string; bias: number[] }[] = [];
    for (const row of indices) {
      signal.throwIfAborted();
      const found = bias
        ? await instance.rowsAndBias([row])
        : { rows: await instance.rows([row]), biasByLayer: [] };
      buffers.push(float32Bytes(order.toPage(found.rows[0])));
      found.biasByLayer.forEach(({ layer, bias: [part] }, i) => {
        (biasByLayer[i] ??= { layer, bias: [] }).bias.push(part);
      });
    }
    return { reply: { indices, shape: [...order.shape], ...(bias && { biasByLayer }) }, buffers };
  },
};

import { explainedIn, type ShownInstance } from '../display/handles';
import { float32Bytes } from '../payload';
import { badCount, badIndices } from './question-faults';
import type { QuestionKind } from './question-kind';

/** How many channels one message may request in full. */
const MOST_CHANNELS = 256;

/** What the channels of a layer's activation add to an output, or to the difference of two outputs. */
export const channels: QuestionKind<'channels', ShownInstance> = {
  faultOf({ layer, index, rival, most }, shown) {
    const { lin } = shown;
    if (!explainedIn(shown).channelLayers.includes(layer))
      return `layer is ${JSON.stringify(layer)}, which has no channels to show.`;
    const outputs = rival === undefined ? [index] : [index, rival];
    return (
      badCount('most', most, MOST_CHANNELS) ?? badIndices('index', outputs, [1, 2], lin.weights.shape[0])
    );
  },
  async answer({ layer, index, rival, most }, shown) {
    const options = { layer, index, rival, most };
    const { sums, planes, shape, ...reply } = await shown.lin.instance(shown.index).channels(options);
    return { reply: { ...reply, shape: [...shape] }, buffers: [sums, ...planes].map(float32Bytes) };
  },
};

import * as tf from '@tensorflow/tfjs';
import { explainedIn, type ShownInstance } from '../display/handles';
import { float32Bytes, float32Values } from '../payload';
import { exactInput } from './exact-input';
import { badCount, badIndices, badInput } from './question-faults';
import type { QuestionKind } from './question-kind';

/** How many channels one message may request in full. */
const MOST_CHANNELS = 256;

/** What the channels of a layer's activation add to an output, or to the difference of two outputs. */
export const channels: QuestionKind<'channels', ShownInstance> = {
  faultOf({ layer, index, rival, most }, shown, buffers) {
    const { lin } = shown;
    if (!explainedIn(shown).channelLayers.includes(layer))
      return `layer is ${JSON.stringify(layer)}, which has no channels to show.`;
    const outputs = rival === undefined ? [index] : [index, rival];
    return (
      (buffers.length > 0 ? badInput(buffers, lin.weights.shape[1]) : null) ??
      badCount('most', most, MOST_CHANNELS) ??
      badIndices('index', outputs, [1, 2], lin.weights.shape[0])
    );
  },
  async answer({ layer, index, rival, most }, shown, { buffers }) {
    const instance = shown.lin.instance(shown.index);
    const other =
      buffers.length === 0
        ? undefined
        : tf.tensor(await exactInput(instance, float32Values(buffers[0])), [...instance.shape]);
    const options = { layer, index, rival, most, other };
    const answer = await instance.channels(options).finally(() => other?.dispose());
    const { sums, planes, shape, ...reply } = answer;
    return { reply: { ...reply, shape: [...shape] }, buffers: [sums, ...planes].map(float32Bytes) };
  },
};

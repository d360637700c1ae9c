import { isTraining, type SteeredTraining } from '../display/handles';
import { WISHES } from '../payload';
import type { Embedding } from '../tsne';
import type { QuestionKind, Questions } from './question-kind';

/** A person pauses, resumes or stops a training run. */
export const steer: QuestionKind<'steer', Embedding | SteeredTraining> = {
  faultOf({ wish }, thing) {
    if (!isTraining(thing)) return 'This embedding is not being trained.';
    return WISHES.includes(wish)
      ? null
      : `wish is ${JSON.stringify(wish)}; it has to be one of ${WISHES.join(', ')}.`;
  },
  answer: ({ wish }, thing) => Promise.resolve({ reply: { state: (thing as SteeredTraining).steer(wish) } }),
};

/** Questions about an embedding, which a training run refuses as long as it has none. */
export function onceTrained(questions: Questions<Embedding>): Questions<Embedding | SteeredTraining> {
  const guarded = Object.entries(questions).map(([op, { faultOf, answer }]) => [
    op,
    {
      faultOf: (question: never, thing: Embedding | SteeredTraining, buffers: ArrayBufferView[]) =>
        isTraining(thing)
          ? 'The embedding is still being trained. Until the training ends, it can only be paused, resumed or stopped.'
          : faultOf(question, thing, buffers),
      answer,
    },
  ]);
  return Object.fromEntries(guarded) as Questions<Embedding | SteeredTraining>;
}

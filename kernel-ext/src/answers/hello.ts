import type { ShownInstance } from '../display/handles';
import { SCHEMA_VERSION } from '../payload';
import type { QuestionKind } from './question-kind';

/** Is this linearization known, and in which version is it described? */
export const hello: QuestionKind<'hello', ShownInstance> = {
  faultOf: () => null,
  answer: () => Promise.resolve({ reply: { schemaVersion: SCHEMA_VERSION } }),
};

import type { ShownInstance } from '../display/handles';
import { SCHEMA_VERSION } from '../payload';
import type { QuestionKind } from './question-kind';

/** Whether the kernel knows this linearization, and the version of the payloads that it writes. */
export const hello: QuestionKind<'hello', ShownInstance> = {
  faultOf: () => null,
  answer: () => Promise.resolve({ reply: { schemaVersion: SCHEMA_VERSION } }),
};

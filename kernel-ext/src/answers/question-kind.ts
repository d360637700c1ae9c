import type { Op, Question, Reply } from '../payload';

/** What accompanies a question. */
export interface Asking {
  /** Aborts when the view no longer wants the answer. */
  signal: AbortSignal;
  buffers: readonly ArrayBufferView[];
}

/** A question that views ask about things of type T. */
export interface QuestionKind<O extends Op, T> {
  /**
   * What is wrong with the question, in one sentence; null if it can be answered. The question comes from a page, so its
   * fields may be anything.
   */
  faultOf(question: Question<O>, thing: T, buffers: readonly ArrayBufferView[]): string | null;
  /** May throw; the view is then told why. */
  answer(
    question: Question<O>,
    thing: T,
    asking: Asking,
  ): Promise<{ reply: Reply<O>; buffers?: Uint8Array[] }>;
}

/** The questions that things of type T answer, by op. */
export type Questions<T> = { readonly [O in Op]?: QuestionKind<O, T> };

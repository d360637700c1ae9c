/** Why an answer of the kernel did not come. */
export type Problem =
  'no-kernel' | 'foreign' | 'gone' | 'lost' | 'timeout' | 'failed' | 'mismatch' | 'cancelled';

/** The causes as the end of a sentence, for the person who is waiting. */
export const CAUSES: Record<Problem, string> = {
  'no-kernel': 'no kernel is running here',
  foreign: 'the kernel of this notebook is not a Piecewise kernel',
  gone: 'the kernel has restarted since then, or no longer holds it',
  lost: 'the connection to the kernel is lost',
  timeout: 'the kernel did not answer within 30 seconds',
  failed: 'the kernel could not compute it',
  cancelled: 'the question was cancelled',
  mismatch: 'what the kernel sent does not belong to this output',
};

/** An answer of the kernel did not come: which problem, and one sentence about it. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(
    readonly problem: Problem,
    message: string,
  ) {
    super(message);
  }

  /** Whatever was thrown while the kernel was asked, as one of these. */
  static from(error: unknown): NoAnswerError {
    if (error instanceof NoAnswerError) return error;
    return new NoAnswerError('failed', error instanceof Error ? error.message : String(error));
  }

  /** For a view that has no kernel to ask. */
  static withoutKernel(): NoAnswerError {
    return new NoAnswerError('no-kernel', 'No kernel is connected to this view.');
  }
}

import { Signal, type ISignal } from '@lumino/signaling';
import { NoAnswerError } from './no-answer';

/** Whoever can run the network at another input: the live kernel. */
export interface WhatIfSource<Answer> {
  /** @throws NoAnswerError */
  whatIf(handle: string, x: Float32Array): Promise<Answer>;
}

/** In the browser's performance timeline: the time from an edit until its answer is drawn. */
export const WHAT_IF_MEASURE = 'piecewise:what-if';
/** In the browser's performance timeline: the part of it from the question to the kernel until its answer. */
export const WHAT_IF_ANSWER = 'piecewise:what-if-answer';

/** input: x′ has changed or is gone; answer: it is known what the network makes of it, or why that is not known. */
export type WhatIfChange = 'input' | 'answer';

/**
 * Another input x′ and what the network makes of it. While the kernel answers for one x′, newer ones wait, and only the
 * newest of them is asked for; so a quick hand never makes a queue.
 */
export class WhatIf<Answer> {
  private edited: Float32Array | null = null;
  private editedAt = 0;
  private newest: { input: Float32Array; answer: Answer } | null = null;
  private failure: NoAnswerError | null = null;
  private asking = false;
  private stale = false;
  private disposed = false;
  private readonly changes = new Signal<this, WhatIfChange>(this);

  /** @param source null: there is nobody to ask, and every edit ends in a `problem`. */
  constructor(
    private readonly handle: string,
    private readonly source: WhatIfSource<Answer> | null,
  ) {}

  get changed(): ISignal<this, WhatIfChange> {
    return this.changes;
  }

  /** x′, D numbers; null: nothing was edited. */
  get input(): Float32Array | null {
    return this.edited;
  }

  /** The newest answer; while the hand moves, it may belong to an earlier x′. */
  get result(): Answer | null {
    return this.newest && this.newest.answer;
  }

  /** The newest answer with the x′ that it belongs to. */
  get answered(): { input: Float32Array; answer: Answer } | null {
    return this.newest;
  }

  /** Why there is no answer. */
  get problem(): NoAnswerError | null {
    return this.failure;
  }

  edit(x: Float32Array): void {
    this.edited = x;
    this.editedAt = performance.now();
    // The kernel is asked first, so that it computes while the page draws x′.
    void this.ask();
    this.changes.emit('input');
  }

  reset(): void {
    this.edited = null;
    this.newest = null;
    this.failure = null;
    this.changes.emit('input');
  }

  dispose(): void {
    this.disposed = true;
    Signal.clearData(this);
  }

  private async ask(): Promise<void> {
    this.stale = this.asking;
    if (this.asking || !this.edited) return;
    this.asking = true;
    const { edited: x, editedAt } = this;
    const asked = performance.now();
    try {
      if (!this.source) throw NoAnswerError.withoutKernel();
      const answer = await this.source.whatIf(this.handle, x);
      performance.measure(WHAT_IF_ANSWER, { start: asked, end: performance.now() });
      this.settle({ input: x, answer }, null);
      performance.measure(WHAT_IF_MEASURE, { start: editedAt, end: performance.now() });
    } catch (error) {
      this.settle(null, NoAnswerError.from(error));
    } finally {
      this.asking = false;
    }
    if (this.stale) void this.ask();
  }

  private settle(
    newest: { input: Float32Array; answer: Answer } | null,
    failure: NoAnswerError | null,
  ): void {
    // An answer that arrives after a reset is ignored.
    if (this.disposed || !this.edited) return;
    this.newest = newest;
    this.failure = failure;
    this.changes.emit('answer');
  }
}

import { Signal, type ISignal } from '@lumino/signaling';
import { RowsUnavailableError } from '../live/row-store';

/** What another input does: F(x') of the network, W·x' + b of the map of x, C numbers each. */
export interface Elsewhere {
  output: number[];
  predicted: number[];
  /** Units of the network in another state than at x, of all its units; 0: the map holds at x'. */
  switched: number;
  units: number;
}

/** Who can run the network at another input: the live kernel. */
export interface WhatIfSource<Answer = Elsewhere> {
  /** @throws RowsUnavailableError */
  whatIf(handle: string, x: Float32Array): Promise<Answer>;
}

/** Names under which the browser's performance timeline holds the time from an edit until its answer is drawn, and the part
 * of it from the question to the kernel until its answer. */
export const WHAT_IF_MEASURE = 'piecewise:what-if';
export const WHAT_IF_ANSWER = 'piecewise:what-if-answer';

/** input: x' is another one, or none; answer: what the network makes of it is known, or why not. */
export type WhatIfChange = 'input' | 'answer';

/**
 * Another input x' and what the network makes of it. While the kernel answers for one x', newer ones wait, and only the
 * newest of them is asked for: so a quick hand never queues.
 */
export class WhatIf<Answer = Elsewhere> {
  private edited: Float32Array | null = null;
  private editedAt = 0;
  private answer: Answer | null = null;
  private failure: RowsUnavailableError | null = null;
  private asking = false;
  private stale = false;
  private disposed = false;
  private readonly changes = new Signal<this, WhatIfChange>(this);

  constructor(
    private readonly handle: string,
    private readonly source: WhatIfSource<Answer> | null,
  ) {}

  get changed(): ISignal<this, WhatIfChange> {
    return this.changes;
  }

  /** x', D numbers; null: nothing was edited. */
  get input(): Float32Array | null {
    return this.edited;
  }

  /** The newest answer; while the hand moves it may be that of the x' before. */
  get result(): Answer | null {
    return this.answer;
  }

  /** Why there is no answer. */
  get problem(): RowsUnavailableError | null {
    return this.failure;
  }

  edit(x: Float32Array): void {
    this.edited = x;
    this.editedAt = performance.now();
    // The kernel is asked first, so that it computes while the page draws x'.
    void this.ask();
    this.changes.emit('input');
  }

  reset(): void {
    this.edited = null;
    this.answer = null;
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
      if (!this.source) throw new RowsUnavailableError('no-kernel', 'No kernel is connected to this view.');
      const answer = await this.source.whatIf(this.handle, x);
      performance.measure(WHAT_IF_ANSWER, { start: asked, end: performance.now() });
      this.settle(answer, null);
      performance.measure(WHAT_IF_MEASURE, { start: editedAt, end: performance.now() });
    } catch (error) {
      const problem = error instanceof RowsUnavailableError;
      this.settle(null, problem ? error : new RowsUnavailableError('failed', String(error)));
    } finally {
      this.asking = false;
    }
    if (this.stale) void this.ask();
  }

  private settle(answer: Answer | null, failure: RowsUnavailableError | null): void {
    // After a reset an answer that is still on its way has nothing to say.
    if (this.disposed || !this.edited) return;
    this.answer = answer;
    this.failure = failure;
    this.changes.emit('answer');
  }
}

import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';

/** A busy kernel answers in between, but a synchronous cell blocks it; so questions wait this long. */
const TIMEOUT_MS = 30_000;

/** Whoever waits longer than this is told why. */
const LATE_MS = 400;

export interface Reply {
  data: JSONObject;
  buffers: (ArrayBuffer | ArrayBufferView)[];
}

/** What a question reports while it has no answer. */
export interface Waiting {
  /** The answer has taken long enough for a person to notice. */
  late(): void;
  /** The answer has taken longer than 30 seconds. */
  overdue(): void;
}

/** One question to the kernel, until it is answered or given up. */
export class Question {
  isLate = false;
  readonly answer: Promise<Reply>;
  private settle: { resolve: (reply: Reply) => void; reject: (error: Error) => void };
  private timers: ReturnType<typeof setTimeout>[] = [];

  constructor(
    private readonly content: JSONObject,
    private readonly buffers: ArrayBufferView[],
    private readonly waiting: Waiting,
  ) {
    let settle: typeof this.settle;
    this.answer = new Promise((resolve, reject) => (settle = { resolve, reject }));
    this.settle = settle!;
  }

  /** May be called again when the question or its answer may have been lost on the way. */
  send(comm: Kernel.IComm): void {
    comm.send(this.content, undefined, this.buffers);
    this.wait();
  }

  /** Starts waiting from the beginning. */
  wait(): void {
    this.stop();
    const late = () => {
      this.isLate = true;
      this.waiting.late();
    };
    this.timers = [setTimeout(late, LATE_MS), setTimeout(() => this.waiting.overdue(), TIMEOUT_MS)];
  }

  resolve(reply: Reply): void {
    this.stop();
    this.settle.resolve(reply);
  }

  reject(error: Error): void {
    this.stop();
    this.settle.reject(error);
  }

  private stop(): void {
    this.timers.forEach(clearTimeout);
  }
}

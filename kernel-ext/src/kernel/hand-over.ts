import type { FromSockets } from './thread-messages';

/** One entry of the line from the thread of the sockets to the kernel's thread. */
export interface Entry {
  /** 1, 2, 3, … in the order of sending. */
  number: number;
  order: FromSockets;
}

/**
 * The end of the line that the thread of the sockets holds. When the debugger ends what the kernel's thread is doing, that
 * may be the taking of an entry, which Node then loses. So every entry is kept until it is taken, and can be repeated.
 */
export class NumberedSender {
  private kept: Entry[] = [];
  private last = 0;

  /**
   * @param post sends to the kernel's thread
   * @param taken number of the last entry that the kernel's thread has taken
   */
  constructor(
    private readonly post: (entry: Entry) => void,
    private readonly taken: Int32Array,
  ) {}

  /** @throws if it cannot be copied, because it is nested too deeply; then it was not sent. */
  send(order: FromSockets): void {
    this.forgetTaken();
    const entry = { number: this.last + 1, order };
    this.post(entry);
    this.last++;
    this.kept.push(entry);
  }

  /** Sends everything again that has not been taken. */
  repeat(): void {
    this.forgetTaken();
    for (const entry of this.kept) this.post(entry);
  }

  forgetTaken(): void {
    const taken = Atomics.load(this.taken, 0);
    if (this.kept.length > 0 && this.kept[0].number <= taken)
      this.kept = this.kept.filter(({ number }) => number > taken);
  }
}

/** The end of the line that the kernel's thread holds. */
export class NumberedReceiver {
  /** Number of the last entry that was taken, shared with the other thread. */
  readonly taken = new Int32Array(new SharedArrayBuffer(4));
  private current: FromSockets | null = null;
  private cutOff: FromSockets[] = [];

  /**
   * Handles an entry if it is the next one. One that was taken before is ignored, and so is one that follows a lost one,
   * because that one is repeated with all that follow.
   */
  take({ number, order }: Entry, handle: (order: FromSockets) => void): void {
    if (number !== this.taken[0] + 1) return;
    if (this.current) this.cutOff.push(this.current);
    // The debugger ends code where it calls or loops, so an entry is either not taken, or is the current one.
    this.current = order;
    this.taken[0] = number;
    try {
      handle(order);
    } finally {
      this.current = null;
    }
  }

  /** Passes over an entry that arrived but could not be copied into this thread. */
  skip(): void {
    this.taken[0]++;
  }

  /** The entries whose handling the debugger ended since the last call. */
  unfinished(): FromSockets[] {
    const { cutOff } = this;
    this.cutOff = [];
    return cutOff;
  }
}

import type { Router, XPublisher } from 'zeromq';

type Frames = Parameters<XPublisher['send']>[0];

/**
 * Sends through one socket, in order, whenever it is called. zeromq.js sends at once, but leaves every 513th message to
 * the event loop and throws at the next one until that has gone out; messages that come meanwhile wait here.
 */
export class Outbox {
  private readonly waiting: Frames[] = [];
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly socket: Pick<Router | XPublisher, 'send'>) {}

  send(frames: Frames): void {
    if (this.waiting.length === 0 && this.sent(frames)) return;
    this.waiting.push(frames);
    if (this.waiting.length === 1) this.flushLater();
  }

  private flushLater(): void {
    void this.last.finally(() => {
      while (this.waiting.length > 0 && this.sent(this.waiting[0])) this.waiting.shift();
      if (this.waiting.length > 0) this.flushLater();
    });
  }

  /** @returns false if the socket is busy with the previous message. Any other error is thrown. */
  private sent(frames: Frames): boolean {
    try {
      this.last = this.socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
      throw error;
    }
  }
}

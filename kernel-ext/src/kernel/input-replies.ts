import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Message } from './wire';

/** The end of the channel that the thread of the sockets holds. */
export interface ReplyLine {
  port: MessagePort;
  /** How many replies have arrived. */
  arrived: Int32Array;
}

/** Answers to `prompt`. The kernel's thread waits for them without its event loop. */
export class InputReplies {
  /** Goes to the thread of the sockets. */
  readonly line: ReplyLine;
  private readonly port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.port.unref();
    this.line = { port: port2, arrived: new Int32Array(new SharedArrayBuffer(4)) };
  }

  /** Drops replies to questions that no cell waits for any longer. */
  clear(): void {
    while (receiveMessageOnPort(this.port)) continue;
  }

  /** Blocks this thread until a reply arrives or an interrupt ends the wait. */
  wait(): string {
    const { arrived } = this.line;
    for (;;) {
      const seen = Atomics.load(arrived, 0);
      const received = receiveMessageOnPort(this.port) as { message: string } | undefined;
      if (received) return received.message;
      Atomics.wait(arrived, 0, seen);
    }
  }
}

/** Passes an input_reply to the waiting thread. */
export function passOn({ port, arrived }: ReplyLine, reply: Message): void {
  port.postMessage(String(reply.content.value));
  Atomics.add(arrived, 0, 1);
  Atomics.notify(arrived, 0);
}

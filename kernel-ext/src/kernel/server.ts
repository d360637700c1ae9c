import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection';
import { InputReplies } from './input-replies';
import { INTERRUPTIBLE } from './interruptible';
import type { Channel, FromSockets, SideThreadData, ToSockets } from './thread-messages';
import { type Header, type Json, type Message, pack, Wire } from './wire';

/** Receives every correctly signed message as it arrives; must not throw. */
export type Handler = (channel: Channel, message: Message) => void;

/** What goes with a message besides its content. */
export interface Extras {
  metadata?: Json;
  buffers?: ArrayBufferView[];
}

/** The kernel's connection to its clients. The sockets are on a side thread, so a computing cell does not block them. */
export class Server {
  private readonly wire: Wire;
  private readonly side: Worker;
  private readonly waiting: (() => void)[] = [];
  private readonly replies = new InputReplies();

  /** @param farewell file to remove when the process ends on request */
  constructor(
    connection: Connection,
    farewell: string,
    private readonly handler: Handler,
  ) {
    this.wire = new Wire(connection.key);
    const data: SideThreadData = {
      connection,
      session: this.wire.session,
      interruptible: INTERRUPTIBLE,
      replies: this.replies.line,
      farewell,
    };
    const transferList = [data.replies.port];
    this.side = new Worker(join(__dirname, 'side-thread.js'), { workerData: data, transferList });
  }

  /**
   * Returns when clients can connect.
   * @param fail called if the sockets are lost, at the start (a port is taken) or later; then no client can reach the kernel
   */
  async start(fail: (error: Error) => void): Promise<void> {
    await new Promise<void>(resolve => {
      this.waiting.push(resolve);
      this.side.once('error', fail);
      this.side.on('message', (message: FromSockets) => this.take(message));
    });
  }

  /**
   * Asks the client for a line of text, and blocks this thread until it arrives.
   * @param identities of the request that runs the asking cell
   */
  ask(content: { prompt: string; password: boolean }, parent: Header, identities: Uint8Array[]): string {
    this.replies.clear();
    this.send('stdin', this.wire.message('input_request', content, parent, { identities }));
    return this.replies.wait();
  }

  reply(channel: Channel, request: Message, type: string, content: Json, extras: Extras = {}): void {
    const rest = { ...extras, identities: request.identities };
    this.send(channel, this.wire.message(type, content, request.header, rest));
  }

  publish(type: string, content: Json, parent: Header | null, extras: Extras = {}): void {
    const rest = { ...extras, identities: [Buffer.from(`kernel.${type}`)] };
    this.send('iopub', this.wire.message(type, content, parent, rest));
  }

  /** Resolves when every message that arrived on this machine before this call has reached the handler. */
  drained(): Promise<void> {
    const drained = new Promise<void>(resolve => this.waiting.push(resolve));
    this.post({ kind: 'drain' });
    return drained;
  }

  /** Closes the sockets after everything has been sent. */
  async close(): Promise<void> {
    const ended = new Promise(resolve => this.side.once('exit', resolve));
    this.post({ kind: 'close' });
    await ended;
  }

  private take(message: FromSockets): void {
    if (message.kind === 'message') this.handler(message.channel, message.message);
    else this.waiting.shift()?.();
  }

  private send(channel: Channel | 'iopub', message: Message): void {
    const packed = pack(message);
    const buffers = packed.buffers.map(({ buffer }) => buffer as ArrayBuffer);
    this.post({ kind: 'send', channel, packed }, buffers);
  }

  private post(order: ToSockets, transfer: ArrayBuffer[] = []): void {
    this.side.postMessage(order, transfer);
  }
}

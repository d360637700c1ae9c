import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection';
import { type Entry, NumberedReceiver } from './hand-over';
import { InputReplies } from './input-replies';
import { INTERRUPTIBLE } from './interruptible';
import type { Channel, FromSockets, RequestChannel, SideThreadData, ToSockets } from './thread-messages';
import { type Header, type Json, type Message, pack, Wire } from './wire';

export interface Request {
  channel: RequestChannel;
  message: Message;
}

/** What the server calls; must not throw. */
export interface Handler {
  /** Receives every correctly signed message as it arrives. */
  handle(request: Request): void;
  /**
   * Called after the debugger has ended what this thread was doing.
   * @param unfinished requests whose handling it ended
   */
  ended(unfinished: Request[]): void;
  /** Called when the process that started the kernel is gone. */
  orphaned(): void;
}

/** What goes with a message besides its content. */
export interface Extras {
  metadata?: Json;
  buffers?: ArrayBufferView[];
}

/** The kernel's connection to its clients. The sockets are on a side thread, so a computing cell does not block them. */
export class Server {
  private readonly wire: Wire;
  private readonly side: Worker;
  private readonly incoming = new NumberedReceiver();
  private ready = (): void => {};
  private fail = (_reason: string): void => {};
  private readonly drains = new Map<number, () => void>();
  private drainCount = 0;
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
      taken: this.incoming.taken,
    };
    const transferList = [data.replies.port];
    this.side = new Worker(join(__dirname, 'side-thread.js'), { workerData: data, transferList });
  }

  /**
   * Returns when clients can connect.
   * @param fail called with a sentence if the sockets cannot be bound, or are lost later; no client can reach the kernel then
   */
  async start(fail: (reason: string) => void): Promise<void> {
    await new Promise<void>(resolve => {
      this.ready = resolve;
      this.fail = fail;
      this.side.once('error', ({ message }) => fail(`The kernel lost its sockets and is ending: ${message}`));
      this.side.on('messageerror', () => this.incoming.skip());
      this.side.on('message', (entry: Entry) => this.incoming.take(entry, order => this.take(order)));
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
    const number = ++this.drainCount;
    const drained = new Promise<void>(resolve => this.drains.set(number, resolve));
    this.post({ kind: 'drain', number });
    return drained;
  }

  /** Closes the sockets after everything has been sent. */
  async close(): Promise<void> {
    const ended = new Promise(resolve => this.side.once('exit', resolve));
    this.post({ kind: 'close' });
    await ended;
  }

  private take(order: FromSockets): void {
    if (order.kind === 'message') this.handler.handle(order);
    else if (order.kind === 'ended') this.recover();
    else if (order.kind === 'orphaned') this.handler.orphaned();
    else if (order.kind === 'failed') this.fail(order.reason);
    else if (order.kind === 'drained') this.resolveDrains(order.number);
    else this.ready();
  }

  private recover(): void {
    this.handler.ended(this.incoming.unfinished().filter(order => order.kind === 'message'));
  }

  /** Also those before it: the debugger may have ended this thread before it sent the order. */
  private resolveDrains(number: number): void {
    for (const [drain, resolve] of this.drains) {
      if (drain > number) continue;
      this.drains.delete(drain);
      resolve();
    }
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

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Router, XPublisher } from 'zeromq';
import { address, type Connection } from './connection';
import { type Header, type Json, type Message, Wire, WireError } from './wire';

export type Channel = 'shell' | 'control' | 'stdin';

/** Receives every well signed message as it arrives; must not throw. */
export type Handler = (channel: Channel, message: Message) => void;

/** What goes with a message besides its content. */
export interface Extras {
  metadata?: Json;
  buffers?: ArrayBufferView[];
}

/**
 * The sockets of a kernel: shell, stdin and iopub here, heartbeat and control on a side thread.
 * Without a high water mark `send` queues at once, in order, and also while a synchronous cell blocks the event loop.
 */
export class Server {
  private readonly wire: Wire;
  private readonly shell = new Router({ linger: 500, sendHighWaterMark: 0 });
  private readonly stdin = new Router({ linger: 0, sendHighWaterMark: 0 });
  private readonly iopub = new XPublisher({ linger: 500, sendHighWaterMark: 0, verbosity: 'allSubs' });
  private readonly side: Worker;
  private arrivals = 0;

  constructor(
    private readonly connection: Connection,
    private readonly handler: Handler,
    private readonly log: (line: string) => void,
  ) {
    this.wire = new Wire(connection.key);
    this.side = new Worker(join(__dirname, 'side-thread.js'), { workerData: connection });
  }

  /** Binds the sockets; returns when clients can connect. */
  async start(): Promise<void> {
    this.side.on('message', (frames: Uint8Array[]) => this.receive('control', frames));
    await Promise.all([
      this.shell.bind(address(this.connection, 'shell')),
      this.stdin.bind(address(this.connection, 'stdin')),
      this.iopub.bind(address(this.connection, 'iopub')),
    ]);
    void this.listen('shell', this.shell);
    void this.listen('stdin', this.stdin);
    void this.welcome();
  }

  reply(channel: Channel, request: Message, type: string, content: Json, extras: Extras = {}): void {
    const rest = { ...extras, identities: request.identities };
    const frames = this.wire.encode(this.wire.message(type, content, request.header, rest));
    if (channel === 'control') this.side.postMessage(frames);
    else void this[channel].send(frames);
  }

  publish(type: string, content: Json, parent: Header | null, extras: Extras = {}): void {
    const rest = { ...extras, identities: [Buffer.from(`kernel.${type}`)] };
    void this.iopub.send(this.wire.encode(this.wire.message(type, content, parent, rest)));
  }

  /**
   * Resolves when every message that clients had sent before this call has reached the handler, as far as it
   * had come to this machine: two turns of the event loop without an arrival.
   */
  async drained(): Promise<void> {
    let seen;
    do {
      seen = this.arrivals;
      for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve));
    } while (seen !== this.arrivals);
  }

  /** Closes the sockets when what was sent has gone out. */
  async close(): Promise<void> {
    const ended = new Promise(resolve => this.side.once('exit', resolve));
    this.side.postMessage(null);
    for (const socket of [this.shell, this.stdin, this.iopub]) socket.close();
    await ended;
  }

  private async listen(channel: 'shell' | 'stdin', socket: Router): Promise<void> {
    for await (const frames of socket) this.receive(channel, frames);
  }

  private receive(channel: Channel, frames: Uint8Array[]): void {
    this.arrivals++;
    try {
      this.handler(channel, this.wire.decode(frames));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.log(error.message);
    }
  }

  /** A subscriber gets a first message, so that it knows when it misses nothing any more (protocol 5.4 and later). */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame[0] !== 1) continue; // 1: subscribed, 0: unsubscribed
      const subscription = frame.subarray(1).toString();
      const message = this.wire.message('iopub_welcome', { subscription }, null, {
        identities: [Buffer.from(subscription)],
      });
      void this.iopub.send(this.wire.encode(message));
    }
  }
}

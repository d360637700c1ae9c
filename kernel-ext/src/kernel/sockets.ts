import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Reply, Router, XPublisher } from 'zeromq';
import { address, BindError, type Connection, type Port } from './connection';
import { Outbox } from './outbox';
import type { Channel } from './thread-messages';
import { type Message, pack, type Packed, type Wire, WireError } from './wire';

/** A port that a kernel has just released may still be taken for a moment when the next kernel binds to it. */
const BIND_TRIES = 25;
const BIND_PAUSE_MS = 200;

/** File descriptor of the standard error: the thread's own `process.stderr` waits for the kernel's thread. */
const STDERR = 2;

/** The most bytes of one frame. A connection that announces more is closed before memory is taken. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_BEAT_BYTES = 64 * 2 ** 10;

/** With `handover`, a client that reconnects under its old name is heard even if its old connection still seems open. */
const ROUTER = { sendHighWaterMark: 0, handover: true, maxMessageSize: MOST_BYTES };

/**
 * A subscriber that has read nothing for this long, though there is something to read, is disconnected: what waits for it takes
 * memory. It hears later messages once it connects again, which ZeroMQ does by itself.
 */
const DEAF_MS = 120_000;

/** The five sockets of a kernel. Without a high water mark `send` queues at once and in order. */
export class Sockets {
  private readonly shell = new Router({ ...ROUTER, linger: 500 });
  private readonly control = new Router({ ...ROUTER, linger: 500 });
  private readonly stdin = new Router({ ...ROUTER, linger: 0 });
  private readonly iopub = new XPublisher({
    linger: 500,
    sendHighWaterMark: 0,
    verbosity: 'allSubs',
    tcpMaxRetransmitTimeout: DEAF_MS,
    maxMessageSize: MOST_BEAT_BYTES,
  });
  private readonly heartbeat = new Reply({ linger: 0, maxMessageSize: MOST_BEAT_BYTES });
  private readonly outboxes = {
    shell: new Outbox(this.shell),
    control: new Outbox(this.control),
    stdin: new Outbox(this.stdin),
    iopub: new Outbox(this.iopub),
  };
  private arrivals = 0;

  /** @param receive gets every correctly signed message as it arrives */
  constructor(
    private readonly connection: Connection,
    private readonly wire: Wire,
    private readonly receive: (channel: Channel, message: Message) => void,
  ) {}

  /** Returns when clients can connect. @throws BindError */
  async bind(): Promise<void> {
    const { shell, control, stdin, iopub, heartbeat: hb } = this;
    // One after the other: the process may end as soon as one fails, and then none may still be busy.
    for (const [port, socket] of Object.entries({ shell, control, stdin, iopub, hb }))
      await this.bindPatiently(port as Port, socket);
    for (const channel of ['shell', 'control', 'stdin'] as const) void this.listen(channel);
    void this.welcome();
    void this.beat();
  }

  send(channel: Channel | 'iopub', packed: Packed): void {
    this.outboxes[channel].send(this.wire.encode(packed));
  }

  /** Resolves when everything that has arrived on this machine is received: after two turns of the event loop without an arrival. */
  async drained(): Promise<void> {
    let seen;
    do {
      seen = this.arrivals;
      for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve));
    } while (seen !== this.arrivals);
  }

  /** Messages that are queued are still sent. */
  close(): void {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.heartbeat]) socket.close();
  }

  private async bindPatiently(port: Port, socket: Router | XPublisher | Reply): Promise<void> {
    const to = address(this.connection, port);
    for (let tries = 1; ; tries++) {
      try {
        return await socket.bind(to);
      } catch (cause) {
        if (tries === BIND_TRIES || (cause as NodeJS.ErrnoException).code !== 'EADDRINUSE')
          throw new BindError(port, to, { cause });
        await sleep(BIND_PAUSE_MS);
      }
    }
  }

  private async listen(channel: Channel): Promise<void> {
    for await (const frames of this[channel]) {
      this.arrivals++;
      try {
        this.receive(channel, this.wire.decode(frames));
      } catch (error) {
        // Whatever goes wrong with one message, the next one must be received.
        const text = error instanceof WireError ? error.message : `Dropped a message: ${String(error)}`;
        writeSync(STDERR, `${text}\n`);
      }
    }
  }

  /** A subscriber gets a first message, which tells it that it no longer misses any (protocol 5.4 and later). */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame[0] !== 1) continue; // 1: subscribed, 0: unsubscribed
      const subscription = frame.subarray(1).toString();
      const identities = [Buffer.from(subscription)];
      this.send('iopub', pack(this.wire.message('iopub_welcome', { subscription }, null, { identities })));
    }
  }

  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }
}

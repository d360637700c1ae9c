import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';

export const MAIN = resolve(__dirname, '..', '..', 'kernel-ext', 'lib', 'kernel', 'main.js');

export const REQUEST_CHANNELS = ['shell', 'control', 'stdin'] as const;
export type RequestChannel = (typeof REQUEST_CHANNELS)[number];

const PORTS = ['shell', 'control', 'iopub', 'stdin', 'hb'] as const;
export type PortName = (typeof PORTS)[number];

type Json = Record<string, unknown>;

export interface Reply {
  channel: RequestChannel | 'iopub';
  type: string;
  parent: string;
  content: Json;
}

/** What can be wrong about a message. Whatever is not given is right. */
export interface Flaws {
  id?: string;
  /** Replaces the JSON of a part. */
  header?: string;
  parent?: string;
  metadata?: string;
  content?: string;
  signature?: string;
  buffers?: (string | Uint8Array)[];
}

/** A fresh connection file with free ports of the loopback interface. */
export async function connectionFile(
  changes: Json = {},
): Promise<{ path: string; ports: Record<PortName, number>; key: string }> {
  const key = randomUUID();
  const free = await Promise.all(PORTS.map(freePort));
  const ports = Object.fromEntries(PORTS.map((port, i) => [port, free[i]])) as Record<PortName, number>;
  const named = Object.fromEntries(PORTS.map(port => [`${port}_port`, ports[port]]));
  const content = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256', ...named };
  const path = join(mkdtempSync(join(tmpdir(), 'piecewise-wire-')), 'connection.json');
  writeFileSync(path, JSON.stringify({ ...content, ...changes }));
  return { path, ports, key };
}

/** A client without Jupyter's manners: it can send any frames on any channel. */
export class WireClient {
  readonly received: Reply[] = [];
  /** Everything that the kernel wrote to its own stderr. */
  log = '';
  ended = false;
  private readonly sockets: Record<RequestChannel, Dealer>;
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  private readonly watchers = new Map<string, (reply: Reply) => void>();
  private readonly key: string;
  private readonly session = randomUUID();

  private constructor(
    readonly kernel: ChildProcess | null,
    readonly ports: Record<PortName, number>,
    key: string,
    private readonly keep: boolean,
  ) {
    this.key = key;
    const dealer = (): Dealer => new Dealer({ routingId: this.session, linger: 0, sendHighWaterMark: 0 });
    this.sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
    kernel?.setMaxListeners(0);
    kernel?.stderr?.on('data', chunk => (this.log += String(chunk)));
    kernel?.once('exit', () => (this.ended = true));
  }

  /** Starts a kernel. @param keep whether `received` keeps every message; a long run needs no more than the replies */
  static async start({
    keep = true,
    env = {},
  }: { keep?: boolean; env?: NodeJS.ProcessEnv } = {}): Promise<WireClient> {
    const { path, ports, key } = await connectionFile();
    const kernel = spawn(process.execPath, [MAIN, path], {
      env: { ...process.env, ...env },
      cwd: mkdtempSync(join(tmpdir(), 'piecewise-notebook-')),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const client = new WireClient(kernel, ports, key, keep);
    await client.connect();
    return client;
  }

  /** Connects to a kernel that another process has started. */
  static async join({ ports, key }: { ports: Record<PortName, number>; key: string }): Promise<WireClient> {
    const client = new WireClient(null, ports, key, true);
    await client.connect();
    return client;
  }

  /** Another client of the same kernel. */
  beside(): Promise<WireClient> {
    return WireClient.join({ ports: this.ports, key: this.key });
  }

  /** Sends a message, with any flaws. @returns its msg_id */
  async send(channel: RequestChannel, type: string, content: Json = {}, flaws: Flaws = {}): Promise<string> {
    const { id, frames } = this.frames(type, content, flaws);
    await this.sockets[channel].send(frames);
    return id;
  }

  /** The frames of a message, from the delimiter on. */
  frames(type: string, content: Json, flaws: Flaws = {}): { id: string; frames: (string | Uint8Array)[] } {
    const id = flaws.id ?? randomUUID();
    const date = new Date().toISOString();
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.session,
      username: 'test',
      date,
      version: '5.3',
    };
    const parts = [
      flaws.header ?? JSON.stringify(header),
      flaws.parent ?? '{}',
      flaws.metadata ?? '{}',
      flaws.content ?? JSON.stringify(content),
    ];
    const hash = createHmac('sha256', this.key);
    for (const part of parts) hash.update(part);
    const signature = flaws.signature ?? hash.digest('hex');
    return { id, frames: ['<IDS|MSG>', signature, ...parts, ...(flaws.buffers ?? [])] };
  }

  async sendFrames(channel: RequestChannel, frames: (string | Uint8Array)[]): Promise<void> {
    await this.sockets[channel].send(frames);
  }

  /** The reply to a request. @throws if it does not come within `patience` milliseconds, or the kernel ends */
  async request(
    channel: RequestChannel,
    type: string,
    content: Json = {},
    { flaws = {}, patience = 60_000 }: { flaws?: Flaws; patience?: number } = {},
  ): Promise<Reply> {
    const { id, frames } = this.frames(type, content, flaws);
    const reply = this.replyTo(id, `${type} on ${channel}`, patience);
    await this.sockets[channel].send(frames);
    return reply;
  }

  /** Runs a cell. @returns its execute_reply */
  async run(code: string, patience = 60_000): Promise<Reply> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    return this.request('shell', 'execute_request', { ...content, stop_on_error: true }, { patience });
  }

  /** Whether the heartbeat answers. */
  async beats(patience = 5000): Promise<boolean> {
    const socket = new Request({ linger: 0, receiveTimeout: patience });
    socket.connect(`tcp://127.0.0.1:${this.ports.hb}`);
    try {
      await socket.send('ping');
      return String((await socket.receive())[0]) === 'ping';
    } catch {
      return false;
    } finally {
      socket.close();
    }
  }

  /** Ends the kernel at once. */
  async stop(): Promise<void> {
    this.leave();
    if (!this.kernel || this.ended) return;
    const ended = new Promise(done => this.kernel?.once('exit', done));
    this.kernel.kill('SIGKILL');
    await ended;
  }

  leave(): void {
    for (const socket of [...Object.values(this.sockets), this.iopub]) socket.close();
  }

  replyTo(id: string, what: string, patience = 60_000): Promise<Reply> {
    return new Promise((done, fail) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        this.kernel?.off('exit', gone);
        this.watchers.delete(id);
        end();
      };
      const gone = (): void =>
        settle(() => fail(new Error(`The kernel ended before it answered ${what}. ${this.log}`)));
      const late = (): void =>
        settle(() => fail(new Error(`No answer to ${what} within ${patience} ms. ${this.log}`)));
      const timer = setTimeout(late, patience);
      this.kernel?.once('exit', gone);
      this.watchers.set(id, reply => settle(() => done(reply)));
    });
  }

  private async connect(): Promise<void> {
    for (const channel of REQUEST_CHANNELS) {
      this.sockets[channel].connect(`tcp://127.0.0.1:${this.ports[channel]}`);
      void this.listen(channel);
    }
    this.iopub.connect(`tcp://127.0.0.1:${this.ports.iopub}`);
    this.iopub.subscribe();
    void this.hear();
    await this.request('control', 'kernel_info_request');
  }

  private async listen(channel: RequestChannel): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      const reply = this.read(channel, frames);
      this.watchers.get(reply.parent)?.(reply);
    }
  }

  private async hear(): Promise<void> {
    for await (const frames of this.iopub) if (this.keep) this.read('iopub', frames);
  }

  private read(channel: Reply['channel'], frames: Buffer[]): Reply {
    const at = frames.findIndex(frame => frame.equals(Buffer.from('<IDS|MSG>')));
    const [header, parent, , content] = frames
      .slice(at + 2, at + 6)
      .map(part => JSON.parse(String(part)) as Json);
    const reply = { channel, type: String(header.msg_type), parent: String(parent.msg_id ?? ''), content };
    if (this.keep) this.received.push(reply);
    return reply;
  }
}

/** A port of the loopback interface that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise(done => server.close(done));
  return port;
}

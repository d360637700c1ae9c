import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isProgressBar } from '../progress/is-progress-bar';

const ROOT = resolve(__dirname, '..', '..');
const MAIN = join(ROOT, 'kernel-ext', 'lib', 'kernel', 'main.js');

export type Content = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A message of the kernel as jupyter_client hands it out. */
export interface Received {
  channel: 'shell' | 'control' | 'iopub' | 'stdin';
  type: string;
  parent: string;
  content: Content;
  metadata: Content;
  buffers: Buffer[];
}

/** The outcome of a cell: its reply and its messages on iopub up to idle. */
export interface Ran {
  id: string;
  reply: Content;
  outputs: Received[];
}

/** The Python that has jupyter_client. */
export function python(): string {
  const own = process.env.PIECEWISE_PYTHON ?? join(ROOT, '.venv', 'bin', 'python');
  if (!existsSync(own)) throw new Error(`No Python with jupyter_client at ${own}: run npm start once.`);
  return own;
}

/** An environment whose Jupyter finds a kernel named `name`, written into a fresh folder. */
export function environment(
  name: string,
  argv: string[],
  interrupt_mode: 'signal' | 'message' = 'signal',
): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'piecewise-jupyter-'));
  mkdirSync(join(folder, 'kernels', name), { recursive: true });
  const spec = { argv, display_name: name, language: 'typescript', interrupt_mode };
  writeFileSync(join(folder, 'kernels', name, 'kernel.json'), JSON.stringify(spec));
  return { ...process.env, JUPYTER_PATH: folder };
}

export const OWN_KERNEL = [process.execPath, MAIN, '{connection_file}'];

/** Jupyter's own client, connected to its own kernel. */
export class Client {
  readonly received: Received[] = [];
  private readonly answers = new Map<number, (line: Content) => void>();
  private readonly watchers = new Set<() => void>();
  private next = 1;
  private kernelEnded = false;

  private constructor(private readonly driver: ChildProcess) {
    // A test that fails before it stops its client must not keep mocha waiting; the driver ends with its stdin.
    for (const held of [driver, driver.stdin as Socket, driver.stdout as Socket]) held.unref();
    createInterface({ input: driver.stdout! }).on('line', line => this.take(JSON.parse(line) as Content));
  }

  /** Starts a kernel and waits until it is ready. */
  static async start(
    options: { argv?: string[]; cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Client> {
    const { argv = OWN_KERNEL, cwd = mkdtempSync(join(tmpdir(), 'piecewise-notebook-')) } = options;
    const driver = spawn(python(), [join(__dirname, 'client.py')], {
      env: { ...environment('under-test', argv), ...options.env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const client = new Client(driver);
    await client.call('start', { kernel: 'under-test', cwd });
    return client;
  }

  /** Ends the kernel and the client. */
  async stop(): Promise<void> {
    const ended = new Promise(done => this.driver.once('exit', done));
    this.driver.stdin!.end();
    await ended;
  }

  /** Restarts the kernel, with `now` like a server that found it dead. Message ids start over, so received messages are forgotten. */
  async restart({ now = false } = {}): Promise<void> {
    await this.call('restart', { now });
    this.received.length = 0;
    this.kernelEnded = false;
  }

  /** Replaces this client by another, whatever the kernel is doing. Message ids start over here, too. */
  async replace(): Promise<void> {
    await this.call('replace_client');
    this.received.length = 0;
  }

  async call(op: string, args: Content = {}): Promise<unknown> {
    const id = this.next++;
    const answer = new Promise<Content>(done => this.answers.set(id, done));
    this.driver.stdin!.write(`${JSON.stringify({ id, op, arguments: args })}\n`);
    const { result, error } = await answer;
    if (error) throw new Error(`${op}: ${error}`);
    return result;
  }

  /** Sends a message and returns its msg_id. */
  async send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: Content,
    extras: Content = {},
  ): Promise<string> {
    return (await this.call('send', { channel, type, content, ...extras })) as string;
  }

  /** Sends a request and waits for its reply. */
  async request(
    type: string,
    content: Content = {},
    channel: 'shell' | 'control' = 'shell',
  ): Promise<Content> {
    const id = await this.send(channel, type, content);
    return (await this.find(message => message.parent === id && message.channel === channel)).content;
  }

  /** Sends a cell without waiting for its end. */
  submit(code: string, options: Content = {}): Promise<string> {
    return this.send('shell', 'execute_request', {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  /** Submits a cell that writes when it has begun, and waits for that. */
  async submitTalking(code: string): Promise<string> {
    const id = await this.submit(code);
    await this.find(({ parent, type }) => parent === id && type === 'stream');
    return id;
  }

  /** Runs a cell to its end. */
  async run(code: string, options: Content = {}): Promise<Ran> {
    return this.ended(await this.submit(code, options));
  }

  /** Waits for the end of a cell that was submitted. */
  async ended(id: string): Promise<Ran> {
    const reply = await this.find(message => message.parent === id && message.channel === 'shell');
    await this.find(
      ({ parent, type, content }) => parent === id && type === 'status' && content.execution_state === 'idle',
    );
    return { id, reply: reply.content, outputs: this.outputsOf(id) };
  }

  /** Messages on iopub with this parent, without statuses and the echo of the input. */
  outputsOf(id: string): Received[] {
    return this.received.filter(
      ({ channel, parent, type }) =>
        channel === 'iopub' && parent === id && type !== 'status' && type !== 'execute_input',
    );
  }

  /** Waits for the first message that passes, including those already received. Fails if the kernel ends first. */
  find(passes: (message: Received) => boolean): Promise<Received> {
    return new Promise((done, fail) => {
      const look = (): void => {
        const found = this.received.find(passes);
        if (!found && !this.kernelEnded) return;
        this.watchers.delete(look);
        if (found) done(found);
        else fail(new Error('The kernel ended before the message came that this test waits for.'));
      };
      this.watchers.add(look);
      look();
    });
  }

  private take(line: Content): void {
    if (line.id !== undefined) return this.answers.get(line.id)?.(line);
    if (line.ended) this.kernelEnded = true;
    else this.receive(line);
    for (const look of [...this.watchers]) look();
  }

  private receive(line: Content): void {
    const { msg_type, parent_header, content, metadata, buffers } = line.message;
    this.received.push({
      channel: line.channel,
      type: msg_type,
      parent: parent_header.msg_id ?? '',
      content,
      metadata,
      buffers: buffers.map((buffer: string) => Buffer.from(buffer, 'base64')),
    });
  }
}

/** The outputs of a cell without the progress bars of work that takes longer than a second. */
export const withoutBars = (outputs: Received[]): Received[] =>
  outputs.filter(({ content }) => !isProgressBar(content.data));

/** All text of one stream among some outputs. */
export function streamText(outputs: Received[], name: 'stdout' | 'stderr'): string {
  return outputs
    .filter(({ type, content }) => type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('');
}

/** text/plain of the cell's result, or undefined. */
export function resultText(ran: Ran): string | undefined {
  return ran.outputs.find(({ type }) => type === 'execute_result')?.content.data['text/plain'];
}

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

type Reply = Record<string, unknown>;

/** The executor, for a model of TensorFlow.js or for the ONNX file of the same network. */
export type OurMode = 'tfjs' | 'onnx' | 'file-tfjs' | 'file-onnx';

/** A process that computes W and b, ours or a peer. It works only on request. */
export class Contender {
  private readonly replies: AsyncIterator<string>;

  private constructor(
    /** As the table shows it: 'jax jacrev'. */
    readonly name: string,
    private readonly mode: string,
    private readonly process: ChildProcess,
  ) {
    this.replies = readline.createInterface(process.stdout!)[Symbol.asyncIterator]();
  }

  static async ours(mode: OurMode): Promise<Contender> {
    const tsx = require.resolve('tsx/cli');
    return Contender.start('piecewise', mode, process.execPath, [tsx, path.join(__dirname, 'ours.ts')]);
  }

  /** @param python the Python of the peers' environment. */
  static async peer(python: string, library: string, mode: string): Promise<Contender> {
    return Contender.start(library, mode, python, [path.join(__dirname, 'peers', 'peer.py'), library]);
  }

  private static async start(
    name: string,
    mode: string,
    command: string,
    args: string[],
  ): Promise<Contender> {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', process.env.PIECEWISE_VERBOSE ? 'inherit' : 'ignore'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
    });
    const contender = new Contender(`${name} ${mode}`, mode, child);
    await contender.reply();
    return contender;
  }

  /** @param shape the shape of x.bin in the folder, [N, …]. */
  async load(folder: string, shape: readonly number[]): Promise<void> {
    await this.ask({ op: 'load', folder, mode: this.mode, shape });
  }

  /** Milliseconds of each of several runs in a row. */
  async run(times: number): Promise<number[]> {
    return (await this.ask({ op: 'run', times })).milliseconds as number[];
  }

  /** Writes W and b; resolves to their path without the endings .w.bin and .b.bin. */
  async save(folder: string): Promise<string> {
    await this.ask({ op: 'save' });
    return path.join(folder, this.name.replace(' ', '-'));
  }

  /** Writes thresholds.bin: how near a gate comes to its threshold, for each instance. Only our own contender can. */
  async thresholds(): Promise<void> {
    await this.ask({ op: 'thresholds' });
  }

  async peakMegabytes(): Promise<number> {
    return (await this.ask({ op: 'peak' })).megabytes as number;
  }

  end(): void {
    this.process.kill();
  }

  private async ask(request: Reply): Promise<Reply> {
    this.process.stdin!.write(JSON.stringify(request) + '\n');
    const reply = await this.reply();
    if (reply.error !== undefined) throw new Error(`${this.name}: ${String(reply.error)}`);
    return reply;
  }

  private async reply(): Promise<Reply> {
    const { value, done } = await this.replies.next();
    if (done) throw new Error(`${this.name} ended; PIECEWISE_VERBOSE=1 shows its output`);
    return JSON.parse(value as string) as Reply;
  }
}

import { type CellQueue, INTERRUPTED } from './cell-queue';
import type { Comms } from './comms';
import type { Engine } from './engine';
import { isInterruption } from './errors';
import type { History } from './history';
import { forgetRequest } from './interruptible';
import { kernelInfo } from './kernel-info';
import type { Outputs } from './outputs';
import { setImmediate } from './own-globals';
import type { Request, Server } from './server';
import { toCodePoints, toUtf16 } from './text-position';
import type { RequestChannel } from './thread-messages';
import { type Json, type Message, textOf } from './wire';

/** What the session works with. The engine comes late, because the compiler takes most of the start-up time. */
export interface Parts {
  server: Server;
  outputs: Outputs;
  comms: Comms;
  history: History;
  cells: CellQueue;
  engine: () => Engine;
  /** Called after the reply to shutdown_request. */
  shutdown(): void;
}

/**
 * Answers requests. Cells run one after the other; everything else is answered on arrival, even while a cell awaits.
 * Protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export class Session {
  constructor(private readonly parts: Parts) {}

  handle({ channel, message }: Request): void {
    if (message.header.msg_type === 'execute_request') this.parts.cells.push(message);
    else void this.answer(channel, message);
  }

  /** Called after the debugger has ended what this thread was doing: every request still gets its answer. */
  recover(unfinished: Request[]): void {
    for (const request of unfinished) this.finish(request);
    this.parts.cells.recover();
  }

  private finish(request: Request): void {
    const { channel, message } = request;
    const { msg_type } = message.header;
    if (msg_type === 'execute_request') this.parts.cells.pushOnce(message);
    else if (msg_type === 'interrupt_request' || msg_type === 'shutdown_request') this.handle(request);
    else if (msg_type.endsWith('_request')) this.fail(channel, message);
  }

  /** Answers a request whose handling was interrupted. */
  private fail(channel: RequestChannel, request: Message): void {
    const { server } = this.parts;
    const type = request.header.msg_type.replace('_request', '_reply');
    server.reply(channel, request, type, { status: 'error', ...INTERRUPTED });
    server.publish('status', { execution_state: 'idle' }, request.header);
  }

  /** Shows an error that no cell caught (in a timer, from a forgotten promise) below the cell it came from. */
  reportLate(error: unknown): void {
    if (isInterruption(error)) return;
    const { engine, outputs } = this.parts;
    outputs.write('stderr', `Uncaught ${engine().describe(error).traceback.join('\n')}\n`);
  }

  private async answer(channel: RequestChannel, request: Message): Promise<void> {
    const { server, outputs, cells } = this.parts;
    const parent = request.header;
    const pending = new Set<Promise<unknown>>();
    const cell = { parent, silent: false, pending, plots: {}, asks: null, printed: 0, signal: cells.signal };
    server.publish('status', { execution_state: 'busy' }, parent);
    await outputs.run(cell, async () => {
      const type = parent.msg_type;
      const content = this.contentOrError(type, request);
      if (content) server.reply(channel, request, type.replace('_request', '_reply'), content);
      await Promise.allSettled(cell.pending);
      outputs.flush();
    });
    server.publish('status', { execution_state: 'idle' }, parent);
    // Front ends show the last state that they received, and the cell is still running.
    if (cells.running) server.publish('status', { execution_state: 'busy' }, cells.running.parent);
    if (parent.msg_type === 'shutdown_request') this.parts.shutdown();
    if (parent.msg_type === 'kernel_info_request') setImmediate(() => this.parts.engine());
  }

  private contentOrError(type: string, request: Message): Json | null {
    try {
      return this.content(type, request);
    } catch (error) {
      const { ename, evalue, traceback } = this.parts.engine().describe(error);
      this.parts.outputs.write('stderr', `${traceback.join('\n')}\n`);
      return type.endsWith('_request') ? { status: 'error', ename, evalue, traceback } : null;
    }
  }

  /** Content of the reply, or null where the protocol has none. */
  private content(type: string, request: Message): Json | null {
    const { content } = request;
    switch (type) {
      case 'kernel_info_request':
        return kernelInfo();
      case 'complete_request':
        return this.complete(textOf(request, 'code'), Number(content.cursor_pos));
      case 'inspect_request':
        return this.inspect(textOf(request, 'code'), Number(content.cursor_pos));
      case 'is_complete_request':
        return { ...this.parts.engine().isComplete(textOf(request, 'code')) };
      case 'history_request':
        return { status: 'ok', history: this.parts.history.query(content) };
      case 'comm_info_request':
        return { status: 'ok', comms: this.parts.comms.info(content.target_name) };
      case 'interrupt_request': // The side thread has sent SIGINT to end synchronous code.
        this.parts.cells.interrupt();
        forgetRequest();
        return { status: 'ok' };
      case 'shutdown_request':
        return { status: 'ok', restart: content.restart === true };
      case 'comm_open':
      case 'comm_msg':
      case 'comm_close':
        this.parts.comms.receive(request);
        return null;
      default:
        return null; // A message of a later protocol.
    }
  }

  private complete(code: string, cursor: number): Json {
    const { start, end, matches } = this.parts.engine().complete(code, toUtf16(code, cursor));
    const range = { start: toCodePoints(code, start), end: toCodePoints(code, end) };
    return {
      status: 'ok',
      matches: matches.map(({ text }) => text),
      cursor_start: range.start,
      cursor_end: range.end,
      metadata: { _jupyter_types_experimental: matches.map(match => ({ ...range, ...match })) },
    };
  }

  private inspect(code: string, cursor: number): Json {
    const found = this.parts.engine().inspect(code, toUtf16(code, cursor));
    const data = found ? { 'text/plain': found.text, 'text/markdown': found.markdown } : {};
    return { status: 'ok', found: found !== null, data, metadata: {} };
  }
}

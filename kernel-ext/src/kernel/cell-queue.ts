import type { Engine, Failure, Outcome } from './engine';
import { Interrupted } from './errors';
import { isRequested } from './interruptible';
import type { Format } from './format';
import type { History } from './history';
import type { Cell, Outputs } from './outputs';
import type { Server } from './server';
import { type Json, type Message, textOf } from './wire';

/** What the queue needs to run cells. */
export interface CellParts {
  server: Server;
  outputs: Outputs;
  history: History;
  engine: () => Engine;
  format: Format;
  /** Called before a cell runs, to load what its code mentions. `label` names the cell. */
  prepare(code: string, label: string): Promise<void>;
  /** Called when an interrupt has ended code without its `finally` blocks. */
  noteCut(): void;
}

const INTERRUPTED: Failure = {
  ename: 'Interrupted',
  evalue: 'the cell was interrupted',
  traceback: ['Interrupted: the cell was interrupted'],
};

/** Runs execute_requests one after the other. */
export class CellQueue {
  private readonly waiting: Message[] = [];
  private count = 0;
  private stop: (() => void) | null = null;
  private stopping = new AbortController();
  /** The running cell, or null. */
  running: Cell | null = null;

  constructor(private readonly parts: CellParts) {}

  push(request: Message): void {
    this.waiting.push(request);
    if (!this.running) void this.work();
  }

  /** Aborts at the next interrupt. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /**
   * Aborts all work that cells and views have begun, even if the cell has ended, and ends the running cell at its `await`.
   * SIGINT, which causes this call, ends synchronous code by itself.
   */
  interrupt(): void {
    const { stopping } = this;
    this.stopping = new AbortController();
    stopping.abort(new Interrupted());
    if (!this.running) return;
    this.parts.engine().interrupt();
    this.stop?.();
  }

  private async work(): Promise<void> {
    for (let request = this.waiting.shift(); request; request = this.waiting.shift()) {
      const { silent, allow_stdin } = request.content;
      const asks = allow_stdin === true ? request.identities : null;
      this.running = {
        parent: request.header,
        silent: silent === true,
        pending: new Set(),
        asks,
        printed: 0,
        signal: this.signal,
      };
      this.status('busy', request);
      const failed = (error: unknown): Promise<void> =>
        this.fail(request, this.parts.engine().describe(error));
      await this.execute(request, this.running).catch(failed);
      this.status('idle', request);
    }
    this.running = null;
  }

  private async execute(request: Message, cell: Cell): Promise<void> {
    const { server, outputs, history } = this.parts;
    const { code, store_history } = request.content;
    const store = typeof code === 'string' && store_history !== false && !cell.silent;
    if (store) history.add(++this.count, code);
    outputs.begin(cell);
    outputs.publish('execute_input', { code: String(code), execution_count: this.count }, {}, cell);
    const outcome = await this.untilInterrupted(cell, () => this.evaluate(request, cell, store));
    if (outcome.ok) {
      const expressions = await this.untilInterrupted(cell, () => this.expressions(request));
      outputs.flush();
      const user_expressions = expressions.ok ? expressions.value : {};
      const reply = { status: 'ok', execution_count: this.count, user_expressions, payload: [] };
      server.reply('shell', request, 'execute_reply', reply);
      return;
    }
    outputs.publish('error', { ...outcome.failure }, {}, cell);
    await this.fail(request, outcome.failure);
  }

  private async fail(request: Message, failure: Failure): Promise<void> {
    const { server } = this.parts;
    // A client that has the reply may send the next cell, and that cell must run; so decide first which ones to drop.
    await server.drained();
    const dropped = request.content.stop_on_error === false ? [] : this.waiting.splice(0);
    const reply = { status: 'error', execution_count: this.count, ...failure };
    server.reply('shell', request, 'execute_reply', reply);
    for (const other of dropped) this.abort(other);
  }

  private untilInterrupted(cell: Cell, work: () => Promise<Outcome>): Promise<Outcome> {
    const interrupted = new Promise<Outcome>(resolve => {
      this.stop = () => resolve({ ok: false, failure: INTERRUPTED });
    });
    return Promise.race([this.parts.outputs.run(cell, work), interrupted]);
  }

  private async evaluate(request: Message, cell: Cell, store: boolean): Promise<Outcome> {
    const { engine, format, outputs, history, prepare } = this.parts;
    const label = store ? `cell [${this.count}]` : 'unnumbered cell';
    try {
      const code = textOf(request, 'code');
      await prepare(code, label);
      cell.signal.throwIfAborted();
      const outcome = await engine().execute(code, label, cell.signal);
      // A promise as the last expression is awaited: a forgotten `await` still shows the value.
      const value = outcome.ok ? await outcome.value : undefined;
      for (const work of cell.pending) await (outcome.ok ? work : work.catch(() => {}));
      // An interrupt may fail the cell before its request has been read: it ends programs that the cell waits for.
      if (!outcome.ok && outcome.failure.ename === INTERRUPTED.ename && !cell.signal.aborted)
        this.parts.noteCut();
      if (!outcome.ok) return isRequested() ? { ok: false, failure: INTERRUPTED } : outcome;
      cell.signal.throwIfAborted();
      if (value !== undefined && !cell.silent) {
        const data = await format(value);
        if (store) history.setOutput(this.count, String(data['text/plain']));
        outputs.publish('execute_result', { data, metadata: {}, execution_count: this.count }, {}, cell);
      }
      return { ok: true, value: undefined };
    } catch (error) {
      return { ok: false, failure: engine().describe(error) };
    }
  }

  private async expressions(request: Message): Promise<Outcome> {
    const results: Json = {};
    for (const [name, code] of Object.entries((request.content.user_expressions ?? {}) as Json)) {
      results[name] = await this.expression(name, String(code));
    }
    return { ok: true, value: results };
  }

  private async expression(name: string, code: string): Promise<Json> {
    const engine = this.parts.engine();
    try {
      const outcome = await engine.execute(code, `user expression ${name}`);
      if (!outcome.ok) return { status: 'error', ...outcome.failure };
      const data = await this.parts.format(await outcome.value);
      JSON.stringify(data); // Only what cannot be sent fails here.
      return { status: 'ok', data, metadata: {} };
    } catch (error) {
      return { status: 'error', ...engine.describe(error) };
    }
  }

  /** Answers a cell that was queued after one that failed. */
  private abort(request: Message): void {
    this.status('busy', request);
    const reply = { status: 'aborted', execution_count: this.count, user_expressions: {}, payload: [] };
    this.parts.server.reply('shell', request, 'execute_reply', reply);
    this.status('idle', request);
  }

  private status(execution_state: 'busy' | 'idle', request: Message): void {
    this.parts.server.publish('status', { execution_state }, request.header);
  }
}

import type { Engine, Failure, Outcome } from './engine';
import { Interrupted } from './errors';
import { isRequested } from './interruptible';
import type { Format } from './format';
import type { History } from './history';
import type { Cell, Outputs } from './outputs';
import { stringify } from './own-globals';
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

/** A request to run a cell, while it is the one that runs. */
interface RunningCell extends Cell {
  request: Message;
  /** Whether its reply has been sent. */
  answered: boolean;
}

export const INTERRUPTED: Failure = {
  ename: 'Interrupted',
  evalue: 'the cell was interrupted',
  traceback: ['Interrupted: the cell was interrupted'],
};

/**
 * Runs execute_requests one after the other. The debugger may end this thread between any two steps, and what would have
 * followed then never does. So a cell that ran at that moment is given up, and a new chain of steps goes on; should the
 * old one follow after all, it finds that its cell no longer runs.
 */
export class CellQueue {
  private waiting: Message[] = [];
  /** Queued after a cell that failed, and not answered yet. */
  private dropped: Message[] = [];
  private count = 0;
  private stop: (() => void) | null = null;
  private stopping = new AbortController();
  /** The cell that ran when the debugger last ended what this thread was doing. */
  private doomed: RunningCell | null = null;
  /** The running cell, or null. */
  running: RunningCell | null = null;

  constructor(private readonly parts: CellParts) {}

  push(request: Message): void {
    this.waiting.push(request);
    if (!this.running) void this.work();
  }

  /** Pushes a request that may already be here. */
  pushOnce(request: Message): void {
    if (this.running?.request !== request && !this.waiting.includes(request)) this.push(request);
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

  /** Called just before the debugger ends what this thread is doing. */
  doom(): void {
    this.doomed = this.running;
  }

  /** Called after that. By then, the next cell may have begun. */
  recover(): void {
    this.abortDropped();
    if (!this.running) void this.work();
    else if (this.running === this.doomed) void this.giveUp(this.running);
  }

  private async work(): Promise<void> {
    for (;;) {
      const cell = this.begin();
      if (!cell) return;
      this.status('busy', cell.request);
      await this.execute(cell).catch((error: unknown) =>
        this.fail(cell, this.parts.engine().describe(error)),
      );
      if (this.running !== cell) return;
      this.end(cell);
    }
  }

  private begin(): RunningCell | null {
    if (this.waiting.length === 0) return null;
    const request = this.waiting[0];
    this.running = {
      parent: request.header,
      silent: request.content.silent === true,
      pending: new Set(),
      plots: {},
      asks: request.content.allow_stdin === true ? request.identities : null,
      printed: 0,
      signal: this.signal,
      request,
      answered: false,
    };
    this.waiting.shift();
    return this.running;
  }

  private end({ request }: RunningCell): void {
    this.status('idle', request);
    this.running = null;
  }

  private async giveUp(cell: RunningCell): Promise<void> {
    const again = { ...cell };
    this.running = again;
    this.waiting = this.waiting.filter(request => request !== cell.request);
    this.interrupt();
    if (!again.answered) {
      this.parts.outputs.publish('error', { ...INTERRUPTED }, {}, again);
      await this.fail(again, INTERRUPTED);
    }
    if (this.running !== again) return;
    this.end(again);
    await this.work();
  }

  private async execute(cell: RunningCell): Promise<void> {
    const { outputs, history } = this.parts;
    const { code, store_history } = cell.request.content;
    const store = typeof code === 'string' && store_history !== false && !cell.silent;
    if (store) history.add(++this.count, code);
    outputs.begin(cell);
    outputs.publish('execute_input', { code: String(code), execution_count: this.count }, {}, cell);
    const outcome = await this.untilInterrupted(cell, () => this.evaluate(cell, store));
    if (this.running !== cell) return;
    if (outcome.ok) return this.succeed(cell);
    outputs.publish('error', { ...outcome.failure }, {}, cell);
    await this.fail(cell, outcome.failure);
  }

  private async succeed(cell: RunningCell): Promise<void> {
    const expressions = await this.untilInterrupted(cell, () => this.expressions(cell.request));
    if (this.running !== cell) return;
    this.parts.outputs.flush();
    const user_expressions = expressions.ok ? expressions.value : {};
    this.reply(cell, { status: 'ok', execution_count: this.count, user_expressions, payload: [] });
  }

  private async fail(cell: RunningCell, failure: Failure): Promise<void> {
    // A client that has the reply may send the next cell, and that cell must run; so decide first which ones to drop.
    await this.parts.server.drained();
    if (this.running !== cell) return;
    if (cell.request.content.stop_on_error !== false) {
      this.dropped = this.waiting;
      this.waiting = [];
    }
    this.reply(cell, { status: 'error', execution_count: this.count, ...failure });
    this.abortDropped();
  }

  private reply(cell: RunningCell, content: Json): void {
    this.parts.server.reply('shell', cell.request, 'execute_reply', content);
    cell.answered = true;
  }

  private untilInterrupted(cell: Cell, work: () => Promise<Outcome>): Promise<Outcome> {
    const interrupted = new Promise<Outcome>(resolve => {
      this.stop = () => resolve({ ok: false, failure: INTERRUPTED });
    });
    return Promise.race([this.parts.outputs.run(cell, work), interrupted]);
  }

  private async evaluate(cell: RunningCell, store: boolean): Promise<Outcome> {
    const { engine, format, outputs, history, prepare } = this.parts;
    const label = store ? `cell [${this.count}]` : 'unnumbered cell';
    try {
      const code = textOf(cell.request, 'code');
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
        if (this.running !== cell) return { ok: true, value: undefined }; // Interrupted, and the next one may run.
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
      stringify(data); // Only what cannot be sent fails here.
      return { status: 'ok', data, metadata: {} };
    } catch (error) {
      return { status: 'error', ...engine.describe(error) };
    }
  }

  /** Answers the cells that were queued after one that failed. */
  private abortDropped(): void {
    for (let request = this.dropped[0]; request; request = this.dropped[0]) {
      this.status('busy', request);
      const reply = { status: 'aborted', execution_count: this.count, user_expressions: {}, payload: [] };
      this.parts.server.reply('shell', request, 'execute_reply', reply);
      this.status('idle', request);
      this.dropped.shift();
    }
  }

  private status(execution_state: 'busy' | 'idle', request: Message): void {
    this.parts.server.publish('status', { execution_state }, request.header);
  }
}

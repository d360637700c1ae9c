import type { Engine, Failure, Outcome } from './engine';
import { toBundle } from './format';
import type { History } from './history';
import type { Cell, Outputs } from './outputs';
import type { Server } from './server';
import type { Json, Message } from './wire';

/** What running cells needs. */
export interface CellParts {
  server: Server;
  outputs: Outputs;
  history: History;
  engine: () => Engine;
  /** Called before a cell runs, to load what its code mentions. */
  prepare(code: string): Promise<void>;
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
  /** The cell at work, or null. */
  running: Cell | null = null;

  constructor(private readonly parts: CellParts) {}

  push(request: Message): void {
    this.waiting.push(request);
    if (!this.running) void this.work();
  }

  /** Ends the running cell where it awaits. SIGINT, from which this call comes, ends synchronous code by itself. */
  interrupt(): void {
    if (!this.running) return;
    this.parts.engine().interrupt();
    this.stop?.();
  }

  private async work(): Promise<void> {
    for (let request = this.waiting.shift(); request; request = this.waiting.shift()) {
      const silent = request.content.silent === true;
      this.running = { parent: request.header, silent, pending: new Set() };
      this.status('busy', request);
      await this.execute(request, this.running);
      this.status('idle', request);
    }
    this.running = null;
  }

  private async execute(request: Message, cell: Cell): Promise<void> {
    const { server, outputs, history } = this.parts;
    const code = String(request.content.code);
    const store = request.content.store_history !== false && !cell.silent;
    if (store) history.add(++this.count, code);
    outputs.begin(cell);
    outputs.publish('execute_input', { code, execution_count: this.count }, {}, cell);
    const outcome = await this.untilInterrupted(cell, () => this.evaluate(code, cell, store));
    if (outcome.ok) {
      const expressions = await this.untilInterrupted(cell, () => this.expressions(request));
      outputs.flush();
      const user_expressions = expressions.ok ? expressions.value : {};
      const reply = { status: 'ok', execution_count: this.count, user_expressions, payload: [] };
      server.reply('shell', request, 'execute_reply', reply);
      return;
    }
    outputs.publish('error', { ...outcome.failure }, {}, cell);
    // Whoever has the reply may send the next cell, and that one must run: so what to drop is settled before.
    await server.drained();
    const dropped = request.content.stop_on_error === false ? [] : this.waiting.splice(0);
    const reply = { status: 'error', execution_count: this.count, ...outcome.failure };
    server.reply('shell', request, 'execute_reply', reply);
    for (const other of dropped) this.abort(other);
  }

  private untilInterrupted(cell: Cell, work: () => Promise<Outcome>): Promise<Outcome> {
    const interrupted = new Promise<Outcome>(resolve => {
      this.stop = () => resolve({ ok: false, failure: INTERRUPTED });
    });
    return Promise.race([this.parts.outputs.run(cell, work), interrupted]);
  }

  private async evaluate(code: string, cell: Cell, store: boolean): Promise<Outcome> {
    const { engine, outputs, history, prepare } = this.parts;
    try {
      await prepare(code);
      const outcome = await engine().execute(code, store ? `cell [${this.count}]` : 'unnumbered cell');
      // A promise as the last expression is awaited: a forgotten `await` still shows the value.
      const value = outcome.ok ? await outcome.value : undefined;
      for (const work of cell.pending) await (outcome.ok ? work : work.catch(() => {}));
      if (!outcome.ok) return outcome;
      if (value !== undefined && !cell.silent) {
        const data = await toBundle(value);
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
      const outcome = await this.parts.engine().execute(String(code), `user expression ${name}`);
      results[name] = outcome.ok
        ? { status: 'ok', data: await toBundle(await outcome.value), metadata: {} }
        : { status: 'error', ...outcome.failure };
    }
    return { ok: true, value: results };
  }

  /** Answers a cell that was queued behind one that failed. */
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

import { AsyncLocalStorage } from 'node:async_hooks';
import { StringDecoder } from 'node:string_decoder';
import { nextTick, now, setTimeout } from './own-globals';
import type { Extras } from './server';
import type { Header, Json } from './wire';

/** A request in progress, with everything that it started: output of later callbacks still belongs to it. */
export interface Cell {
  parent: Header;
  /** A silent request shows nothing. */
  silent: boolean;
  /** Displays that are not done yet; the reply waits for them. */
  pending: Set<Promise<unknown>>;
  /** The last thing that it has begun to plot, which later ones wait for. */
  readonly plots: { last?: Promise<unknown> };
  /** Identities of the client that answers `prompt`; null if it answers none. */
  asks: Uint8Array[] | null;
  /** Characters that it has printed so far. */
  printed: number;
  /** Aborts when the user interrupts it. */
  signal: AbortSignal;
}

type StreamName = 'stdout' | 'stderr';
type Publish = (type: string, content: Json, parent: Header | null, extras?: Extras) => void;

/**
 * This many stream messages are sent immediately, then one every 20 ms with everything written in between. So 10,000
 * lines do not become 10,000 messages, and a line before a synchronous loop is still seen.
 */
const BURST = 50;
const GATHER_MS = 20;
const GATHER_CHARACTERS = 64 * 1024;

/** A loop that prints forever would fill the memory with output that waits for its client. */
const MAX_PRINTED = 256 * 2 ** 20;
const BEYOND =
  'This cell has printed 256 Mi characters; the rest is not shown. Write long output to a file.\n';

/** Sends what cells print and show to the client, each under the cell that caused it. */
export class Outputs {
  private readonly cells = new AsyncLocalStorage<Cell>();
  private last: Cell | null = null;
  private gathered: { cell: Cell; name: StreamName; text: string } | null = null;
  private allowance = BURST;
  private refilled = now();

  constructor(private readonly send: Publish) {}

  /** Runs `work` as `cell`: what it prints, even later from timers and promises, belongs to this cell. */
  run<T>(cell: Cell, work: () => T): T {
    return this.cells.run(cell, work);
  }

  /** From now on, output without a context belongs to `cell`. */
  begin(cell: Cell): void {
    this.last = cell;
  }

  /** The cell of this asynchronous context; code without a context belongs to the cell that ran last. */
  get current(): Cell | null {
    return this.cells.getStore() ?? this.last;
  }

  publish(type: string, content: Json, extras?: Extras, cell = this.current): void {
    this.flush();
    if (!cell?.silent || type.startsWith('comm_')) this.send(type, content, cell?.parent ?? null, extras);
  }

  write(name: StreamName, text: string, cell = this.current): void {
    if (!cell || cell.silent || text === '' || cell.printed > MAX_PRINTED) return;
    cell.printed += text.length;
    if (cell.printed > MAX_PRINTED) [name, text] = ['stderr', BEYOND];
    if (this.gathered && (this.gathered.cell !== cell || this.gathered.name !== name)) this.flush();
    if (!this.gathered) {
      this.gathered = { cell, name, text: '' };
      setTimeout(() => this.flush(), GATHER_MS).unref();
    }
    this.gathered.text += text;
    if (this.gathered.text.length > GATHER_CHARACTERS || this.mayFlush()) this.flush();
  }

  private mayFlush(): boolean {
    const time = now();
    this.allowance = Math.min(BURST, this.allowance + (time - this.refilled) / GATHER_MS);
    this.refilled = time;
    if (this.allowance < 1) return false;
    this.allowance--;
    return true;
  }

  flush(): void {
    const gathered = this.gathered;
    this.gathered = null;
    if (gathered) this.send('stream', { name: gathered.name, text: gathered.text }, gathered.cell.parent);
  }

  /** Takes over process.stdout, process.stderr and console, from the first cell on. */
  capture(): void {
    this.captureStream('stdout');
    this.captureStream('stderr');
  }

  private captureStream(name: StreamName): void {
    const stream = process[name];
    const real = stream.write.bind(stream);
    const decoder = new StringDecoder('utf8');
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (this.current) this.write(name, text);
      else real(text);
      const done = rest.at(-1);
      if (typeof done === 'function') nextTick(done as () => void);
      return true;
    };
    stream.write = write as typeof stream.write;
    // A notebook is not a terminal: without this, console colors its output if Jupyter runs in one.
    Object.defineProperty(stream, 'isTTY', { value: false });
  }
}

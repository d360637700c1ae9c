import { Signal, type ISignal } from '@lumino/signaling';
import type { DecodedArray } from '../payload/array-payload';
import type { Decomposition } from '../decomposition/decomposition';

/** Where rows come from that are not saved in the notebook: the live kernel. */
export interface RowSource {
  /** Whether there is a kernel to ask now. */
  readonly isAvailable: boolean;
  /** W_c for each index, D numbers each. @throws RowsUnavailableError, also when `signal` aborts */
  rows(handle: string, indices: readonly number[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** Why rows did not come. */
export type RowProblem =
  'no-kernel' | 'foreign' | 'gone' | 'lost' | 'timeout' | 'failed' | 'mismatch' | 'cancelled';

/** The kernel did not give the rows: which cause, and one sentence for the person who looks. */
export class RowsUnavailableError extends Error {
  override readonly name = 'RowsUnavailableError';
  constructor(
    readonly problem: RowProblem,
    message: string,
  ) {
    super(message);
  }
}

export type RowStatus = 'ready' | 'loading' | 'absent' | { problem: RowsUnavailableError };

/** Fetched rows beyond this many bytes push out the oldest ones; rows that the notebook saved stay. */
const CACHE_BYTES = 64 * 2 ** 20;

/**
 * Sums of W_c∘x of a fetched row against those that the output carries, relative to Σ|w·x|. Inputs may be
 * quantized to 8 bits for the eye (1/510 of their range); a row of another input or network is off by far more.
 */
const SUM_TOLERANCE = 0.02;

/** A question that is out. */
interface Flight {
  classes: readonly number[];
  /** Whether it matters no more once others are looked at. */
  fleeting: boolean;
  controller: AbortController;
}

/** The rows of W that are here: saved ones, and those that a live kernel has sent. */
export class RowStore {
  private readonly fetched = new Map<number, DecodedArray>();
  private readonly states = new Map<number, RowStatus>();
  private readonly flights = new Set<Flight>();
  private readonly changes = new Signal<this, number>(this);
  private disposed = false;

  constructor(
    private readonly decomposition: Decomposition,
    private readonly source: RowSource | null,
  ) {}

  /** Fires with the class whose row came, or did not. */
  get changed(): ISignal<this, number> {
    return this.changes;
  }

  /** Whether there is a kernel to ask now. */
  get isLive(): boolean {
    return this.source?.isAvailable ?? false;
  }

  get(c: number): DecodedArray | null {
    return this.decomposition.rows.get(c) ?? this.fetched.get(c) ?? null;
  }

  /** The classes whose rows are here, in the order of their logits, largest first. */
  present(): number[] {
    const here = new Set([...this.decomposition.rows.keys(), ...this.fetched.keys()]);
    return [...here].sort((i, j) => this.decomposition.output[j] - this.decomposition.output[i]);
  }

  status(c: number): RowStatus {
    return this.get(c) ? 'ready' : (this.states.get(c) ?? 'absent');
  }

  /**
   * Asks the kernel for the rows of `classes` that are neither here nor under way. Never throws: see status.
   * @param fleeting whether `moveOn` may cancel it
   */
  async request(classes: readonly number[], { fleeting = false } = {}): Promise<void> {
    const wanted = classes.filter(c => !this.get(c) && this.states.get(c) !== 'loading');
    if (wanted.length === 0) return;
    wanted.forEach(c => this.settle(c, 'loading'));
    const flight = { classes: wanted, fleeting, controller: new AbortController() };
    this.flights.add(flight);
    try {
      const rows = await this.fetch(wanted, flight.controller.signal);
      wanted.forEach((c, i) => this.keep(c, rows[i]));
    } catch (error) {
      // Of a question that was cancelled the rows may be asked for anew by now.
      if (flight.controller.signal.aborted) return;
      const problem = asProblem(error);
      wanted.filter(c => !this.get(c)).forEach(c => this.settle(c, { problem }));
    } finally {
      this.flights.delete(flight);
    }
  }

  /** Cancels what was asked for in passing and has no class that is still looked at. */
  moveOn(needed: readonly number[]): void {
    for (const { classes, fleeting, controller } of this.flights) {
      if (!fleeting || controller.signal.aborted || classes.some(c => needed.includes(c))) continue;
      controller.abort();
      classes.forEach(c => this.settle(c, 'absent'));
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const { controller } of this.flights) controller.abort();
    Signal.clearData(this);
  }

  private async fetch(wanted: readonly number[], signal: AbortSignal): Promise<Float32Array[]> {
    if (!this.source) {
      throw new RowsUnavailableError('no-kernel', 'No kernel is connected to this view.');
    }
    return this.source.rows(this.decomposition.handle, wanted, signal);
  }

  private keep(c: number, values: Float32Array): void {
    if (this.disposed) return;
    this.verify(c, values);
    this.fetched.set(c, { shape: this.decomposition.input.shape, values, rounding: 0 });
    this.evict();
    this.settle(c, 'ready');
  }

  /** A kernel that restarted could answer under the same name for another input: the sums tell. */
  private verify(c: number, values: Float32Array): void {
    const { input, positive, negative } = this.decomposition;
    let up = 0;
    let down = 0;
    if (values.length === input.values.length) {
      values.forEach((w, i) => {
        const product = w * input.values[i];
        if (product > 0) up += product;
        else down += product;
      });
      const allowed = SUM_TOLERANCE * (positive[c] - negative[c]) + Number.EPSILON;
      if (Math.abs(up - positive[c]) <= allowed && Math.abs(down - negative[c]) <= allowed) return;
    }
    throw new RowsUnavailableError('mismatch', 'The kernel sent a row that does not belong to this output.');
  }

  private evict(): void {
    const rowBytes = 4 * this.decomposition.input.values.length;
    const most = Math.max(2, Math.floor(CACHE_BYTES / rowBytes));
    for (const c of this.fetched.keys()) {
      if (this.fetched.size <= most) return;
      this.fetched.delete(c);
      this.states.delete(c);
    }
  }

  private settle(c: number, status: RowStatus): void {
    if (this.disposed) return;
    this.states.set(c, status);
    this.changes.emit(c);
  }
}

function asProblem(error: unknown): RowsUnavailableError {
  if (error instanceof RowsUnavailableError) return error;
  return new RowsUnavailableError('failed', error instanceof Error ? error.message : String(error));
}
